import { describe, expect, test } from 'vitest';
import { tlsCertificate } from '../../probes/tls-certificate.ts';
import type { CertificateFacts, TlsFacts } from '../../src/kit/index.ts';
import { trouble } from '../../src/model/trouble.ts';
import { scanTls } from '../support/scan-tls.ts';
import { shows, testRoot } from '../support/tls-mta.ts';
import { certificate, tlsFacts } from '../unit/kit/certificate/facts.ts';
import { exchange } from '../unit/kit/replies.ts';
import { judge, said } from './judged.ts';

const seen = {
  hello: { ehlo: exchange('EHLO us', '250-mx.example.test\n250 STARTTLS'), serverName: 'mx.example.test' },
};
const data = (parts: Partial<TlsFacts> = {}, role = 'mx', host = 'mx.example.test') => ({
  role,
  host,
  facts: tlsFacts(parts),
});
const leaf = (parts: Partial<CertificateFacts>): Partial<TlsFacts> => ({ chain: [certificate(parts)] });

describe('tls-certificate judges', () => {
  test.each<[string, Partial<TlsFacts>, string, string]>([
    ['expired', { seenAt: '2025-05-01T00:00:00.000Z' }, 'low', 'high'],
    ['not yet valid', { seenAt: '2024-01-01T00:00:00.000Z' }, 'low', 'high'],
    ['of another name', leaf({ altNames: ['DNS:a.test'] }), 'low', 'high'],
    [
      'self-signed',
      { trusted: false, distrust: 'DEPTH_ZERO_SELF_SIGNED_CERT', ...leaf({ selfSigned: true }) },
      'info',
      'high',
    ],
    ['untrusted', { trusted: false, distrust: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'info', 'high'],
    ['without its chain', { trusted: false, distrust: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', ...leaf({}) }, 'info', 'high'],
    ['with a weak key', leaf({ keyType: 'rsa', bits: 1024 }), 'medium', 'medium'],
    ['with a weak signature', leaf({ signature: 'RSA with SHA-1' }), 'low', 'medium'],
    ['soon over', { seenAt: '2025-03-25T00:00:00.000Z' }, 'low', 'medium'],
    [
      'self-signed with a weak key',
      {
        trusted: false,
        distrust: 'DEPTH_ZERO_SELF_SIGNED_CERT',
        ...leaf({ selfSigned: true, keyType: 'rsa', bits: 512 }),
      },
      'medium',
      'high',
    ],
  ])('%s: the worst decides', (_, parts, mx, submission) => {
    expect(judge(tlsCertificate, data(parts), seen)).toMatchObject({ verdict: 'fail', severity: mx });
    expect(judge(tlsCertificate, data(parts, 'submission'), seen)).toMatchObject({
      verdict: 'fail',
      severity: submission,
    });
    expect(judge(tlsCertificate, data(parts, 'submissions'), seen)).toMatchObject({
      verdict: 'fail',
      severity: submission,
    });
  });

  test('a good one', () => {
    expect(judge(tlsCertificate, data(), seen)).toMatchObject({
      verdict: 'pass',
      because: 'valid until 2025-04-01, ec 256, RSA with SHA-256, chain trusted, named mx.example.test',
      evidence: [{ quote: 'TLS established: TLSv1.3' }],
      measured: {
        daysLeft: 59,
        nameFits: true,
        key: 'ec 256',
        flaws: [],
        chain: ['CN=mx.example.test', 'CN=Intermediate'],
      },
    });
  });

  test.each<[string, string | null, RegExp]>([
    ['its own name is in it', 'mx.example.test', /names the host as the server does, mx\.example\.test/],
    [
      'its own name is not in it',
      'box.internal.test',
      /calls itself box\.internal\.test, which the certificate does not name/,
    ],
    ['it has no name', null, /its name is not judged/],
  ])('a target given as an address: %s, and that is a remark', (_, serverName, remark) => {
    const judged = judge(tlsCertificate, data({}, 'submission', '192.0.2.1'), { hello: { ...seen.hello, serverName } });
    expect(judged).toMatchObject({ verdict: 'pass', measured: { nameFits: null } });
    expect(judged.because).toMatch(remark);
  });

  test.each<[string, object, string]>([
    [
      'handshake broken',
      { kind: 'failed', exchange: exchange('STARTTLS', '220 go'), cut: trouble('tls-failed', 'hang-up', 'x') },
      'inconclusive(tls-failed)',
    ],
    [
      'STARTTLS refused by a limiter',
      {
        kind: 'refused',
        exchange: exchange('STARTTLS', '454 4.7.0 Error: too many new TLS sessions from unknown[192.0.2.9]'),
      },
      'inconclusive(throttled)',
    ],
  ])('no certificate to look at: %s', (_, starttls, expected) => {
    const nothing = { role: 'mx', host: 'mx.example.test', facts: null };
    expect(said(judge(tlsCertificate, nothing, { ...seen, 'starttls-works': starttls }))).toBe(expected);
  });

  test('a handshake without a certificate, and a server without TLS', () => {
    expect(said(judge(tlsCertificate, data({ chain: [] }), seen))).toBe('inconclusive(ambiguous)');
    const given = {
      hello: { ehlo: exchange('EHLO us', '250 mx') },
      'starttls-works': { kind: 'refused', exchange: exchange('STARTTLS', '502 no') },
    };
    expect(said(judge(tlsCertificate, { role: 'mx', host: 'mx', facts: null }, given))).toBe('not-applicable');
  });
});

describe('tls-certificate asks', () => {
  const of = (
    name: string,
    { chain = true, implicit = false, host = 'mx.example.test', tlsCa = testRoot as string | null } = {},
  ) => scanTls(tlsCertificate, { ...shows(name, { chain }), implicit }, { host, tlsCa });
  const flawsOf = async (...asked: Parameters<typeof of>) => {
    const { finding } = await of(...asked);
    return [finding.verdict, finding.severity, finding.measured?.flaws];
  };

  test.each<[string, string, string, string]>([
    ['expired', 'expired', 'low', 'high'],
    ['not valid yet', 'future', 'low', 'high'],
    ['of another name', 'other-name', 'low', 'high'],
    ['self-signed', 'self-signed', 'info', 'high'],
    ['with a short key', 'rsa1024', 'medium', 'medium'],
    ['signed by SHA-1', 'sha1', 'low', 'medium'],
  ])('a server whose certificate is %s, on an MX and as a mail client', async (_, name, mx, submission) => {
    const kind = {
      expired: 'expired',
      future: 'not-yet-valid',
      'other-name': 'wrong-name',
      'self-signed': 'self-signed',
      rsa1024: 'weak-key',
      sha1: 'weak-signature',
    }[name];
    expect(await flawsOf(name, { chain: name !== 'self-signed' })).toEqual(['fail', mx, [kind]]);
    expect(await flawsOf(name, { chain: name !== 'self-signed', implicit: true })).toEqual([
      'fail',
      submission,
      [kind],
    ]);
  });

  test.each([false, true])('its clean twin, and what it costs; TLS from the first byte: %s', async (implicit) => {
    const { finding, connections } = await of('good', { implicit });
    expect(finding).toMatchObject({
      verdict: 'pass',
      measured: { trusted: true, nameFits: true, signature: 'ECDSA with SHA-256' },
    });
    expect(finding.evidence[0]?.quote).toContain(
      'certificate CN=mx.example.test by CN=Test Intermediate, 2020-01-01 to 2120-01-01',
    );
    // Behind STARTTLS it is asked once more, without a host name.
    expect(connections).toBe(implicit ? 1 : 2);
  });

  test('a server that leaves out the intermediate', async () => {
    expect(await flawsOf('good', { chain: false })).toEqual(['fail', 'info', ['incomplete-chain']]);
  });

  test('a server whose root nobody here knows', async () => {
    const { finding } = await of('good', { tlsCa: null });
    expect(finding).toMatchObject({
      verdict: 'fail',
      measured: { trusted: false, distrust: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' },
    });
  });

  test('a wildcard', async () => {
    expect(await flawsOf('other-name', { host: 'a.mail.example.test' })).toEqual(['pass', 'high', []]);
    expect(await flawsOf('other-name', { host: 'mail.example.test' })).toEqual(['fail', 'low', ['wrong-name']]);
  });
});
