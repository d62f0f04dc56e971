import { describe, expect, test } from 'vitest';
import { daysLeft, flawsOf } from '../../../../src/kit/certificate/flaws.ts';
import type { CertificateFacts, TlsFacts } from '../../../../src/model/tls.ts';
import { certificate, intermediate, tlsFacts } from './facts.ts';

const kinds = (parts: Partial<TlsFacts>, host = 'mx.example.test') =>
  flawsOf(tlsFacts(parts), host).map(({ kind }) => kind);
const leaf = (parts: Partial<CertificateFacts>) => ({ chain: [certificate(parts), intermediate] });
const alone = (parts: Partial<CertificateFacts> = {}) => [certificate(parts)];
const untrusted = (distrust: string, chain: readonly CertificateFacts[] = [certificate(), intermediate]) => ({
  trusted: false,
  distrust,
  chain,
});
const root = certificate({
  subject: 'CN=Root',
  issuer: 'CN=Root',
  selfSigned: true,
  ca: true,
  signature: 'RSA with SHA-1',
});

describe('what is wrong with a certificate', () => {
  test.each<[string, Partial<TlsFacts>, string[]]>([
    ['nothing', {}, []],
    ['nothing, 15 days before the end', { seenAt: '2025-03-17T00:00:00.000Z' }, []],
    ['soon over', { seenAt: '2025-03-19T00:00:00.000Z' }, ['expires-soon']],
    ['soon over, even on its last day', { seenAt: '2025-03-31T12:00:00.000Z' }, ['expires-soon']],
    ['over', { seenAt: '2025-04-01T00:00:01.000Z' }, ['expired']],
    ['not yet begun', { seenAt: '2024-12-31T23:59:59.000Z' }, ['not-yet-valid']],
    [
      'nothing, three days before the end of six',
      { seenAt: '2025-01-04T00:00:00.000Z', ...leaf({ validTo: '2025-01-07T00:00:00.000Z' }) },
      [],
    ],
    [
      'soon over, one day before the end of six',
      { seenAt: '2025-01-06T00:00:00.000Z', ...leaf({ validTo: '2025-01-07T00:00:00.000Z' }) },
      ['expires-soon'],
    ],
    ['another name', leaf({ altNames: ['DNS:www.example.test'] }), ['wrong-name']],
    ['no name', leaf({ altNames: [] }), ['wrong-name']],
    ['RSA of 1024 bits', leaf({ keyType: 'rsa', bits: 1024 }), ['weak-key']],
    ['RSA of 2048 bits', leaf({ keyType: 'rsa', bits: 2048 }), []],
    ['a curve of 192 bits', leaf({ bits: 192 }), ['weak-key']],
    ['a curve of 224 bits', leaf({ bits: 224 }), []],
    ['a key of unknown size', leaf({ bits: null }), []],
    ['Ed25519', leaf({ keyType: 'ed25519', bits: 256, signature: 'Ed25519' }), []],
    ['signed by SHA-1', leaf({ signature: 'RSA with SHA-1' }), ['weak-signature']],
    ['signed by MD5', leaf({ signature: 'RSA with MD5' }), ['weak-signature']],
    ['signed by something unknown', leaf({ signature: '1.2.3' }), []],
    [
      'an intermediate signed by SHA-1',
      { chain: [certificate(), { ...intermediate, signature: 'ECDSA with SHA-1' }] },
      ['weak-signature'],
    ],
    [
      'an intermediate with a short key',
      { chain: [certificate(), { ...intermediate, keyType: 'rsa', bits: 1024 }] },
      ['weak-key'],
    ],
    ['a root that signed itself by SHA-1', { chain: [certificate(), intermediate, root] }, []],
    [
      'self-signed',
      untrusted('DEPTH_ZERO_SELF_SIGNED_CERT', alone({ selfSigned: true, issuer: 'CN=mx.example.test' })),
      ['self-signed'],
    ],
    [
      'self-signed by SHA-1',
      untrusted('DEPTH_ZERO_SELF_SIGNED_CERT', alone({ selfSigned: true, signature: 'RSA with SHA-1' })),
      ['self-signed'],
    ],
    [
      'a root of its own, sent along',
      untrusted('SELF_SIGNED_CERT_IN_CHAIN', [certificate(), intermediate, root]),
      ['untrusted'],
    ],
    ['no intermediate', untrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE', alone()), ['incomplete-chain']],
    ['an intermediate too few', untrusted('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), ['incomplete-chain']],
    ['for another purpose', untrusted('INVALID_PURPOSE'), ['untrusted']],
    [
      'over: the runtime says nothing of its root then',
      { ...untrusted('CERT_HAS_EXPIRED'), seenAt: '2025-05-01T00:00:00.000Z' },
      ['expired'],
    ],
    [
      'an intermediate that is over',
      {
        trusted: false,
        distrust: 'CERT_HAS_EXPIRED',
        chain: [certificate(), { ...intermediate, validTo: '2025-01-15T00:00:00.000Z' }],
      },
      ['untrusted'],
    ],
    [
      'everything at once',
      {
        ...untrusted(
          'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
          alone({ altNames: [], keyType: 'rsa', bits: 512, signature: 'RSA with MD5' }),
        ),
        seenAt: '2026-01-01T00:00:00.000Z',
      },
      ['expired', 'wrong-name', 'incomplete-chain', 'weak-key', 'weak-signature'],
    ],
    ['no certificate', { chain: [] }, []],
  ])('%s', (_, parts, expected) => {
    expect(kinds(parts)).toEqual(expected);
  });

  test('an address that the user gave is no name to hold against it', () => {
    expect(kinds({}, '192.0.2.1')).toEqual([]);
    expect(kinds({}, '2001:db8::1')).toEqual([]);
  });

  test('is said in words', () => {
    const says = (parts: Partial<TlsFacts>) => flawsOf(tlsFacts(parts), 'mx.example.test').map((flaw) => flaw.says);
    expect(says({ seenAt: '2025-03-31T12:00:00.000Z' })).toEqual(['it expires on 2025-04-01, in 0 days']);
    expect(says(leaf({ altNames: ['DNS:a.test', 'DNS:b.test', 'DNS:c.test', 'DNS:d.test', 'DNS:e.test'] }))).toEqual([
      'it is not for mx.example.test but for a.test, b.test, c.test, d.test and 1 more',
    ]);
    expect(says(untrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE', alone()))).toEqual([
      'no intermediate certificate is sent with it, and the issuer CN=Intermediate is not trusted here by itself',
    ]);
  });

  test.each<[string, number | null]>([
    ['2025-02-01T00:00:00.000Z', 59],
    ['2025-04-01T00:00:01.000Z', -1],
    ['no date', null],
  ])('days left on %s: %s', (seenAt, days) => {
    expect(daysLeft(certificate(), seenAt)).toBe(days);
  });
});
