import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { namesAgree } from '../../../probes/domain/names-agree.ts';
import type { ObservedEndpoint } from '../../../src/kit/index.ts';
import { endpointOf, roleOfPort } from '../../../src/model/endpoint.ts';
import { judgeDomain, type Zone } from '../../fakes/names.ts';
import { exchange } from '../../unit/kit/replies.ts';
import { replyFrom } from '../../unit/mta/reply-from.ts';
import { expectHeadline, said } from '../judged.ts';
import { anyZone } from './any-zone.ts';

const zone: Zone = {
  '1.2.0.192.in-addr.arpa PTR': ['out1.example.net'],
  'out1.example.net A': ['192.0.2.1'],
};

const subject = { hosts: [{ host: 'mx.example.com', addresses: ['192.0.2.1'] }] };

/** A server that greets and answers EHLO so. */
function server(
  greeting: string,
  ehlo: string,
  { names = ['mx.example.com'], port = 25, host = 'mx.example.com' } = {},
): ObservedEndpoint {
  const role = roleOfPort(port);
  return {
    endpoint: endpointOf({ host, address: '192.0.2.1', port, role, tls: 'starttls' }),
    observations: {
      hello: { greeting: replyFrom(greeting), ehlo: exchange('EHLO scanner.example.net', ehlo), serverName: null },
      'tls-certificate': { host, role, facts: { chain: [{ altNames: names.map((name) => `DNS:${name}`) }] } },
    },
  };
}

const rows: readonly (readonly [
  name: string,
  greeting: string,
  ehlo: string,
  verdict: string,
  severity?: string | undefined,
  headline?: string,
])[] = [
  ['one name', '220 mx.example.com ESMTP', '250-mx.example.com Hello\n250 SIZE', 'pass'],
  ['one name, in other letters and with a dot', '220 MX.example.com. ESMTP', '250 mx.Example.com', 'pass'],
  ['another name in EHLO', '220 mx.example.com ESMTP', '250 out1.example.net', 'fail', 'low', 'differ'],
  ['the name of the PTR, which is not the MX host', '220 out1.example.net ESMTP', '250 out1.example.net', 'pass'],
  ['a name of the certificate alone', '220 lb.example.org ESMTP', '250 lb.example.org', 'pass'],
  ['a name that stands nowhere else', '220 node7.example.org ESMTP', '250 node7.example.org', 'fail', 'info'],
  ['a teaser before the greeting', '220-Please wait\n220 mx.example.com ESMTP', '250 mx.example.com', 'pass'],
  ['a teaser with a name of its own', '220-gate.example.com\n220 mx.example.com ESMTP', '250 mx.example.com', 'pass'],
  ['a word to senders behind the name', '220-mx.example.com ESMTP Exim\n220 No spam', '250 mx.example.com', 'pass'],
  ['localhost', '220 localhost ESMTP', '250 localhost', 'fail', 'low'],
  ['localhost.localdomain in EHLO', '220 mx.example.com ESMTP', '250 localhost.localdomain', 'fail', 'low'],
  ['an address literal', '220 [192.0.2.1] ESMTP', '250 [192.0.2.1]', 'fail', 'low'],
  ['an address', '220 192.0.2.1 ESMTP', '250 192.0.2.1', 'fail', 'low'],
  ['a name without a domain', '220 EXCH01 Microsoft ESMTP', '250-EXCH01 Hello\n250 SIZE', 'fail', 'low'],
  ['no name in the greeting', '220 ESMTP ready', '250 mx.example.com', 'fail', 'low'],
  ['no word in the greeting', '220', '250 mx.example.com', 'fail', 'low'],
  ['a greeting that a firewall covers', '220 ****************0**', '250 mx.example.com', 'fail', 'low'],
  ['no name in EHLO', '220 mx.example.com ESMTP', '250-Hello scanner.example.net [192.0.2.9]\n250 SIZE', 'fail', 'low'],
  ['our own name in EHLO', '220 mx.example.com ESMTP', '250 scanner.example.net Hello', 'fail', 'low'],
  ['a name of the inner network', '220 mx01.corp.local ESMTP', '250 mx01.corp.local', 'fail', 'low'],
];

describe('names-agree judges', () => {
  test.each(rows.map((row) => [row[0], row] as const))(
    '%s',
    async (_, [, greeting, ehlo, verdict, severity, words]) => {
      const names = greeting.includes('lb.') ? ['lb.example.org'] : ['mx.example.com'];
      const judgement = await judgeDomain(namesAgree, zone, {
        subject,
        endpoints: [server(greeting, ehlo, { names })],
      });
      expect(said(judgement), JSON.stringify(judgement)).toBe(verdict);
      if (severity !== undefined) expect(judgement).toMatchObject({ severity });
      expect(JSON.stringify(judgement)).toContain(greeting.split('\n')[0]);
      if (judgement.verdict === 'fail') expectHeadline(judgement);
      if (words !== undefined) expect(judgement).toMatchObject({ headline: expect.stringContaining(words) });
    },
  );

  test('a name in EHLO that does not lead anywhere', async () => {
    const endpoints = [server('220 out1.example.net', '250 out1.example.net')];
    const gone = { '1.2.0.192.in-addr.arpa PTR': ['out1.example.net'] };
    expect((await judgeDomain(namesAgree, zone, { subject, endpoints })).verdict).toBe('pass');
    expect(await judgeDomain(namesAgree, gone, { subject, endpoints })).toMatchObject({
      verdict: 'fail',
      severity: 'low',
      evidence: expect.arrayContaining([
        expect.objectContaining({ quote: expect.stringContaining('out1.example.net A: NXDOMAIN') }),
      ]),
    });
  });

  test('where the PTR is not told, a name that stands nowhere else is none to remark on', async () => {
    const endpoints = [server('220 node7.example.org', '250 node7.example.org')];
    expect(
      (await judgeDomain(namesAgree, { '1.2.0.192.in-addr.arpa PTR': 'timeout' }, { subject, endpoints })).verdict,
    ).toBe('pass');
  });

  test('an inner top-level domain is none in a network of its own', async () => {
    const endpoints = [server('220 mx.lab.test', '250 mx.lab.test', { host: 'mx.lab.test' })];
    const own = { subject: { ...subject, domain: 'lab.test' }, endpoints };
    expect((await judgeDomain(namesAgree, zone, own)).verdict).toBe('pass');
    expect(await judgeDomain(namesAgree, zone, { subject, endpoints })).toMatchObject({
      verdict: 'fail',
      severity: 'low',
    });
  });

  test('a certificate without the MX name is another question', async () => {
    const endpoints = [server('220 mx.example.com', '250 mx.example.com', { names: ['other.example.org'] })];
    expect((await judgeDomain(namesAgree, zone, { subject, endpoints })).verdict).toBe('pass');
  });

  test('the five names of each endpoint are measured', async () => {
    const endpoints = [server('220 mx.example.com ESMTP', '250 out1.example.net')];
    expect(await judgeDomain(namesAgree, zone, { subject, endpoints })).toMatchObject({
      measured: {
        endpoints: ['mx.example.com/192.0.2.1:25'],
        banner: ['mx.example.com'],
        ehlo: ['out1.example.net'],
        ptr: ['out1.example.net'],
        certificate: ['mx.example.com'],
        mx: ['mx.example.com'],
      },
    });
  });

  test('the worst of several endpoints decides', async () => {
    const endpoints = [server('220 mx.example.com', '250 mx.example.com'), server('220 localhost', '250 localhost')];
    expect(await judgeDomain(namesAgree, zone, { subject, endpoints })).toMatchObject({
      verdict: 'fail',
      severity: 'low',
    });
  });

  test('endpoints for users, and endpoints that were not heard', async () => {
    const submission = server('220 localhost', '250 localhost', { port: 587 });
    expect((await judgeDomain(namesAgree, zone, { subject, endpoints: [submission] })).verdict).toBe('not-applicable');
    const silent = { ...server('220 x', '250 x'), observations: {} };
    expect(said(await judgeDomain(namesAgree, zone, { subject, endpoints: [silent] }))).toBe(
      'inconclusive(prerequisite)',
    );
  });

  test('never throws, whatever the records and the replies', async () => {
    const line = fc.string({ maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(anyZone(), line, line, async (records, greeting, ehlo) => {
        const endpoints = [server(`220 ${greeting}`, `250 ${ehlo}`)];
        const judgement = await judgeDomain(namesAgree, records, { subject, endpoints });
        if (judgement.verdict === 'pass' || judgement.verdict === 'fail')
          expect(judgement.evidence.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
