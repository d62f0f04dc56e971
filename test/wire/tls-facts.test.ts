import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openSession } from '../fakes/open-session.ts';
import { certificate } from '../fakes/scripted-connection.ts';
import { mta } from '../fakes/scripted-server.ts';

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
