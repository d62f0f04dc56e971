import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Shown, type Standing, standingOf } from '../../../../src/kit/dane/match.ts';
import type { Tlsa } from '../../../../src/kit/dane/records.ts';
import type { CertificateFacts } from '../../../../src/model/tls.ts';
import { chainFacts } from '../../../../src/wire/tls-facts.ts';
import { certificatePem } from '../../../support/tls-mta.ts';

const read = (name: string) => new X509Certificate(certificatePem(name));
const shown = (names: readonly string[], parts: Partial<Shown> = {}, seenAt = '2026-11-28T00:00:00.000Z'): Shown => ({
  facts: { chain: chainFacts(names.map(read)), seenAt },
  names: ['mx.example.test', 'example.test'],
  ...parts,
});

/** The record of a certificate of the fixtures. */
function recordOf(numbers: string, name: string): Tlsa {
  const [usage = 0, selector = 0, matching = 0] = numbers.split(' ').map(Number);
  const certificate = read(name);
  const [facts] = chainFacts([certificate]);
  const digests = selector === 1 ? [facts?.keySha256, facts?.keySha512] : [hex(facts?.sha256), facts?.sha512];
  const full = selector === 1 ? certificate.publicKey.export({ format: 'der', type: 'spki' }) : certificate.raw;
  return { usage, selector, matching, data: [full.toString('hex'), ...digests][matching] ?? '' };
}
const hex = (fingerprint = '') => fingerprint.replaceAll(':', '').toLowerCase();

const inOrder = ['good', 'intermediate', 'root'];

describe('a record and what a server showed', () => {
  test.each(['0 0', '0 1', '0 2', '1 0', '1 1', '1 2'])(
    '%s: its own, an authority above it, and neither',
    (numbers) => {
      const chain = shown(inOrder);
      expect(standingOf(recordOf(`3 ${numbers}`, 'good'), chain)).toBe('match');
      expect(standingOf(recordOf(`3 ${numbers}`, 'intermediate'), chain)).toBe('no-match');
      expect(standingOf(recordOf(`2 ${numbers}`, 'intermediate'), chain)).toBe('match');
      expect(standingOf(recordOf(`2 ${numbers}`, 'root'), chain)).toBe('match');
      expect(standingOf(recordOf(`2 ${numbers}`, 'good'), chain)).toBe('own');
      expect(standingOf(recordOf(`2 ${numbers}`, 'self-signed'), chain)).toBe('no-match');
    },
  );

  test.each<[string, Tlsa, Shown, Standing]>([
    ['its own, expired', recordOf('3 1 1', 'expired'), shown(['expired', 'intermediate']), 'match'],
    ['its own, of another name', recordOf('3 0 1', 'other-name'), shown(['other-name']), 'match'],
    ['an authority, expired', recordOf('2 1 1', 'intermediate'), shown(['expired', 'intermediate']), 'out-of-date'],
    ['an authority, too early', recordOf('2 1 1', 'intermediate'), shown(['future', 'intermediate']), 'out-of-date'],
    [
      'an authority, of another name',
      recordOf('2 1 1', 'intermediate'),
      shown(['other-name', 'intermediate']),
      'wrong-name',
    ],
    ['the root, where it is left out', recordOf('2 1 1', 'root'), shown(['good', 'intermediate']), 'no-match'],
    ['the root, with nothing between', recordOf('2 1 1', 'root'), shown(['good', 'root']), 'not-signed'],
    ['an impostor', recordOf('2 1 1', 'other-intermediate'), shown(['good', 'other-intermediate']), 'not-signed'],
    ['out of order', recordOf('2 1 1', 'root'), shown(['good', 'root', 'self-signed', 'intermediate']), 'match'],
    ['by the domain', recordOf('2 0 1', 'root'), shown(inOrder, { names: ['other.test', 'mx.example.test'] }), 'match'],
    ['by neither name', recordOf('2 0 1', 'root'), shown(inOrder, { names: ['other.test'] }), 'wrong-name'],
    ['signed by itself', recordOf('2 1 1', 'self-signed'), shown(['self-signed']), 'own'],
    ['no certificate', recordOf('3 1 1', 'good'), shown([]), 'no-match'],
  ])('%s', (_, record, what, expected) => {
    expect(standingOf(record, what)).toBe(expected);
  });

  const changed = (place: number, parts: Partial<CertificateFacts>): Shown => {
    const whole = shown(inOrder);
    const chain = whole.facts.chain.map((one, at) => (at === place ? { ...one, ...parts } : one));
    return { ...whole, facts: { ...whole.facts, chain } };
  };

  test.each<[string, Shown, Standing]>([
    ['an authority that may not sign', changed(1, { ca: false }), 'not-signed'],
    ['one between that is over', changed(1, { validTo: '2021-01-01T00:00:00.000Z' }), 'out-of-date'],
    ['a common name that stands first', changed(0, { altNames: [], subject: 'CN=mx.example.test, O=Lab' }), 'match'],
    ['an authority that is over itself', changed(2, { validTo: '2021-01-01T00:00:00.000Z' }), 'match'],
    ['a common name and no other', changed(0, { altNames: [], subject: 'O=Lab, CN=mx.example.test' }), 'match'],
    [
      'a common name beside others',
      changed(0, { altNames: ['DNS:a.test'], subject: 'CN=mx.example.test' }),
      'wrong-name',
    ],
    ['a wildcard', changed(0, { altNames: ['DNS:*.example.test'] }), 'match'],
  ])('the root by digest: %s', (_, what, expected) => {
    expect(standingOf(recordOf('2 1 1', 'root'), what)).toBe(expected);
  });
});
