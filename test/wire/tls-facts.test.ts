import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { certificateFacts, chainFacts } from '../../src/wire/tls-facts.ts';
import { greetedSession, openSession } from '../fakes/open-session.ts';
import { certificate } from '../fakes/scripted-connection.ts';
import { mta } from '../fakes/scripted-server.ts';
import { certificatePem, shows, startTlsMta, testRoot } from '../support/tls-mta.ts';

const ca = certificate.toString();

async function factsOf(host: string, tlsCa?: string) {
  await using server = await mta().implicitTls().start();
  await using session = await openSession(server, { tls: 'implicit', host, ...(tlsCa === undefined ? {} : { tlsCa }) });
  return session.tls;
}

describe('the facts of a handshake', () => {
  test('hold protocol, cipher and the certificate as sent', async () => {
    const sent = new X509Certificate(certificate);
    expect(await factsOf('mx.example.test')).toMatchObject({
      protocol: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      trusted: false,
      distrust: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      chain: [
        {
          subject: 'CN=mx.example.test',
          issuer: 'CN=mx.example.test',
          altNames: ['DNS:mx.example.test', 'DNS:example.test'],
          validFrom: '2020-01-01T00:00:00.000Z',
          validTo: '2120-01-01T00:00:00.000Z',
          sha256: sent.fingerprint256,
          bits: 256,
        },
      ],
      seconds: expect.any(Number),
    });
  });

  test('are JSON, whole', async () => {
    const facts = await factsOf('mx.example.test');
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts);
  });

  test.each([
    ['the name fits', 'mx.example.test'],
    ['the name does not fit', 'mail.example.test'],
    ['an address', '127.0.0.1'],
  ])('say that a chain leads to a root of one’s own, whatever the name: %s', async (_, host) => {
    expect(await factsOf(host, ca)).toMatchObject({ trusted: true, distrust: null });
  });
});

describe('the facts of a certificate', () => {
  test.each<[string, object]>([
    ['good', { keyType: 'ec', bits: 256, signature: 'ECDSA with SHA-256', selfSigned: false, ca: false }],
    ['rsa1024', { keyType: 'rsa', bits: 1024, signature: 'ECDSA with SHA-256' }],
    ['sha1', { signature: 'ECDSA with SHA-1' }],
    ['self-signed', { keyType: 'rsa', bits: 2048, signature: 'RSA with SHA-256', selfSigned: true }],
    ['ed25519', { keyType: 'ed25519', bits: 256 }],
    ['expired', { validFrom: '2020-01-01T00:00:00.000Z', validTo: '2021-01-01T00:00:00.000Z' }],
    ['root', { ca: true, selfSigned: true }],
    ['intermediate', { ca: true, selfSigned: false, issuer: 'CN=Test Root' }],
    ['good', { altNames: ['DNS:mx.example.test', 'IP Address:192.0.2.1', 'IP Address:2001:DB8:0:0:0:0:0:1'] }],
    // Not `b` and `mx.example.test`.
    ['odd-names', { altNames: ['DNS:"b\\u002cDNS:mx.example.test"'] }],
  ])('%s', (name, expected) => {
    const certificate = new X509Certificate(certificatePem(name));
    expect(certificateFacts(certificate)).toMatchObject({ serial: certificate.serialNumber, ...expected });
  });

  test.each([
    ['as sent', true, ['CN=mx.example.test', 'CN=Test Intermediate']],
    ['and not filled up with what is known here', false, ['CN=mx.example.test']],
  ])('stand in the order of the chain, %s', async (_, chain, subjects) => {
    await using server = await startTlsMta({ implicit: true, ...shows('good', { chain }) });
    const tlsCa = testRoot + certificatePem('intermediate');
    await using session = await openSession(server, { tls: 'implicit', tlsCa });
    expect(session.tls).toMatchObject({ trusted: true });
    expect(session.tls?.chain.map(({ subject }) => subject)).toEqual(subjects);
  });
});

describe('what TLSA records are held against', () => {
  const openssl = (input: string | Buffer, ...words: string[]): Buffer =>
    execFileSync('openssl', words, { input, maxBuffer: 1 << 20 });
  const digest = (der: Buffer, name: string) => openssl(der, 'dgst', `-${name}`, '-r').toString().split(' ')[0];

  test.each(['good', 'rsa1024', 'ed25519', 'root', 'intermediate', 'self-signed', 'pss'])(
    '%s: the digests of openssl',
    (name) => {
      const pem = certificatePem(name);
      const whole = openssl(pem, 'x509', '-outform', 'DER');
      const key = openssl(openssl(pem, 'x509', '-noout', '-pubkey'), 'pkey', '-pubin', '-outform', 'DER');
      const { sha256, ...facts } = certificateFacts(new X509Certificate(pem));
      expect(sha256.replaceAll(':', '').toLowerCase()).toBe(digest(whole, 'sha256'));
      expect(facts).toMatchObject({
        sha512: digest(whole, 'sha512'),
        keySha256: digest(key, 'sha256'),
        keySha512: digest(key, 'sha512'),
      });
    },
  );

  const read = (name: string) => new X509Certificate(certificatePem(name));
  test.each<[string, readonly string[], readonly (readonly number[])[]]>([
    ['in order', ['good', 'intermediate', 'root'], [[1], [2], [2]]],
    ['out of order', ['good', 'root', 'intermediate'], [[2], [1], [1]]],
    ['with a stranger between', ['good', 'self-signed', 'intermediate'], [[2], [1], []]],
    ['without its issuer', ['good', 'root'], [[], [1]]],
    ['of the right name, by another key', ['good', 'other-intermediate'], [[], [1]]],
  ])('who signed whom: %s', (_, names, signers) => {
    expect(chainFacts(names.map(read)).map(({ signedBy }) => signedBy)).toEqual(signers);
  });
});

describe('a broken handshake', () => {
  test('says how, and how much the server had said', async () => {
    await using server = await startTlsMta({ ...shows('good') });
    await using session = await greetedSession(server);
    const outcome = await session.startTls({ version: 'TLSv1' });
    expect(outcome).toMatchObject({
      kind: 'failed',
      trouble: { handshake: { code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', heard: 7 } },
    });
  });

  test('closed by the server, which had said nothing', async () => {
    await using server = await startTlsMta({ ...shows('good'), closesOn: 'every' });
    await using session = await greetedSession(server);
    expect(await session.startTls()).toMatchObject({ kind: 'failed', trouble: { handshake: { heard: 0 } } });
  });
});
