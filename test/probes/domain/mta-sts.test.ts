import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mtaSts } from '../../../probes/domain/mta-sts.ts';
import type { ObservedEndpoint, TlsFacts } from '../../../src/kit/index.ts';
import { endpointOf } from '../../../src/model/endpoint.ts';
import { trouble } from '../../../src/model/trouble.ts';
import { judgeDomain, type Zone } from '../../fakes/names.ts';
import { certificate, tlsFacts } from '../../unit/kit/certificate/facts.ts';
import { exchange } from '../../unit/kit/replies.ts';
import { said } from '../judged.ts';
import { anyZone } from './any-zone.ts';

const url = 'https://mta-sts.example.com/.well-known/mta-sts.txt';
const zone: Zone = {
  'example.com MX': ['10 mx.example.com', '20 mx2.example.com'],
  '_mta-sts.example.com TXT': ['v=STSv1; id=20261128'],
};
const hosts = [
  { host: 'mx.example.com', addresses: ['192.0.2.1'] },
  { host: 'mx2.example.com', addresses: ['192.0.2.2'] },
];

type World = NonNullable<Parameters<typeof judgeDomain>[2]>;
type File = NonNullable<World['files']>[string];

const lines = (...parts: readonly string[]) => `${parts.join('\r\n')}\r\n`;
const policy = ({
  mode = 'enforce',
  mx = ['mx.example.com', 'mx2.example.com'],
  maxAge = '604800',
  more = [] as string[],
} = {}) => lines('version: STSv1', `mode: ${mode}`, ...mx.map((one) => `mx: ${one}`), `max_age: ${maxAge}`, ...more);
const served = (body = policy(), parts: Partial<Extract<File, { kind: 'fetched' }>> = {}): File => ({
  kind: 'fetched',
  status: 200,
  contentType: 'text/plain',
  location: null,
  body,
  ...parts,
});
const unfetched = (why: Extract<File, { kind: 'failed' }>['why'], because = 'so it was'): File => ({
  kind: 'failed',
  why,
  because,
});

const offered = { ehlo: exchange('EHLO us', '250-mx\n250 STARTTLS') };
const notOffered = { ehlo: exchange('EHLO us', '250 mx') };

/** What an address of a host showed; `starttls` null: nothing was seen. */
function at(host: string, address: string, starttls: object | null, hello: object = offered): ObservedEndpoint {
  const endpoint = endpointOf({ host, address, port: 25, role: 'mx', tls: 'starttls' });
  return { endpoint, observations: { hello, ...(starttls === null ? {} : { 'starttls-works': starttls }) } };
}

const shows = (parts: Partial<TlsFacts> = {}) => ({ kind: 'established', facts: tlsFacts(parts) });
const named = (...names: readonly string[]): Partial<TlsFacts> => ({
  chain: [certificate({ altNames: names.map((name) => `DNS:${name}`) })],
});
const refused = (reply: string) => ({ kind: 'refused', exchange: exchange('STARTTLS', reply) });

const first = at('mx.example.com', '192.0.2.1', shows(named('mx.example.com')));
const second = (starttls: object | null, hello?: object) => at('mx2.example.com', '192.0.2.2', starttls, hello);
const both = [first, second(shows(named('mx2.example.com')))];
const expired = { ...named('mx2.example.com'), seenAt: '2025-05-01T00:00:00.000Z' };

const judged = (file: File, { endpoints = both, records = {} as Zone } = {}) =>
  judgeDomain(mtaSts, { ...zone, ...records }, { subject: { hosts }, files: { [url]: file }, endpoints });

/** Verdict, severity or doubt, and what the sentence must say. */
type Row = [name: string, file: File, expected: string, because: RegExp, more?: Parameters<typeof judged>[1]];

const rows: Row[] = [
  [
    'both hosts, both certificates',
    served(),
    'pass',
    /^its policy \(enforce\) allows mx\.example\.com and mx2\.example\.com/,
  ],
  ['one wildcard for both', served(policy({ mx: ['*.example.com'] })), 'pass', /allows/],
  [
    'a certificate with a wildcard',
    served(),
    'pass',
    /allows/,
    { endpoints: [first, second(shows(named('*.example.com')))] },
  ],
  ['a policy that is taken back', served(lines('version: STSv1', 'mode: none', 'max_age: 86400')), 'pass', /mode none/],
  ['testing', served(policy({ mode: 'testing' })), 'pass', /\(testing\)/],
  ['a day', served(policy({ maxAge: '86400' })), 'pass', /allows/],
  ['a type with its charset', served(policy(), { contentType: 'Text/Plain; charset=utf-8' }), 'pass', /allows/],

  [
    'an MX that no pattern allows',
    served(policy({ mx: ['mx.example.com'] })),
    'fail high',
    /no pattern of its policy \(enforce\) allows mx2\.example\.com: senders do not deliver there$/,
  ],
  [
    'the same in testing',
    served(policy({ mode: 'testing', mx: ['mx.example.com'] })),
    'fail low',
    /deliver all the same/,
  ],
  [
    'a wildcard over two labels',
    served(policy({ mx: ['*.com.example.com', '*.example.org', 'example.com'] })),
    'fail high',
    /allows mx\.example\.com and mx2\.example\.com/,
  ],
  [
    'all names in one line',
    served(policy({ mx: ['mx.example.com, mx2.example.com'] })),
    'fail high',
    /no pattern.*is no host name/,
  ],
  [
    'names of the wrong domain',
    served(policy({ mx: ['mx.example.net'] })),
    'fail high',
    /no MX host fits "mx\.example\.net"/,
  ],

  [
    'a certificate that has run out',
    served(),
    'fail high',
    /mx2\.example\.com\/192\.0\.2\.2:25 shows a certificate that senders refuse \(it expired on 2025-04-01/,
    { endpoints: [first, second(shows(expired))] },
  ],
  [
    'the same in testing',
    served(policy({ mode: 'testing' })),
    'fail low',
    /expired on/,
    { endpoints: [first, second(shows(expired))] },
  ],
  [
    'a certificate for the domain',
    served(),
    'fail high',
    /it is not for mx2\.example\.com but for example\.com/,
    { endpoints: [first, second(shows(named('example.com')))] },
  ],
  [
    'a certificate two labels up',
    served(),
    'fail high',
    /not for mx2/,
    { endpoints: [first, second(shows(named('*.com', '*.b.example.com')))] },
  ],
  [
    'a certificate of nobody',
    served(),
    'fail high',
    /signed by nobody but itself/,
    {
      endpoints: [
        first,
        second(
          shows({
            chain: [certificate({ altNames: ['DNS:mx2.example.com'], selfSigned: true })],
            trusted: false,
            distrust: 'DEPTH_ZERO_SELF_SIGNED_CERT',
          }),
        ),
      ],
    },
  ],
  [
    'a chain that is cut',
    served(),
    'fail high',
    /no intermediate/,
    {
      endpoints: [
        first,
        second(shows({ ...named('mx2.example.com'), trusted: false, distrust: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })),
      ],
    },
  ],
  [
    'no certificate',
    served(),
    'fail high',
    /192\.0\.2\.2:25 shows no certificate/,
    {
      endpoints: [
        first,
        second({
          kind: 'failed',
          exchange: exchange('STARTTLS', '220 go'),
          cut: trouble('tls-failed', 'tls-alert', 'x'),
          anonymous: tlsFacts(),
        }),
      ],
    },
  ],
  [
    'a weak key is no matter of it',
    served(),
    'pass',
    /allows/,
    {
      endpoints: [
        first,
        second(shows({ chain: [certificate({ altNames: ['DNS:mx2.example.com'], keyType: 'rsa', bits: 1024 })] })),
      ],
    },
  ],
  [
    'no STARTTLS',
    served(),
    'fail high',
    /192\.0\.2\.2:25 offers no STARTTLS: senders do not deliver there/,
    { endpoints: [first, second(refused('502 5.5.2 no'), notOffered)] },
  ],
  [
    'no STARTTLS, in testing',
    served(policy({ mode: 'testing' })),
    'fail low',
    /offers no STARTTLS/,
    { endpoints: [first, second(refused('502 5.5.2 no'), notOffered)] },
  ],
  [
    'STARTTLS refused',
    served(),
    'fail high',
    /refuses STARTTLS/,
    { endpoints: [first, second(refused('454 4.7.0 TLS not available'))] },
  ],
  [
    'one of two addresses has another certificate',
    served(),
    'fail high',
    /192\.0\.2\.3:25 shows/,
    { endpoints: [...both, at('mx.example.com', '192.0.2.3', shows(named('old.example.com')))] },
  ],
  [
    'a submission port is no matter of it',
    served(),
    'pass',
    /allows/,
    {
      endpoints: [
        ...both,
        {
          ...first,
          endpoint: { ...first.endpoint, id: 'x', port: 587, role: 'submission' },
          observations: { 'starttls-works': shows(expired) },
        },
      ],
    },
  ],
  [
    'host left out and certificate wrong',
    served(policy({ mx: ['mx.example.com'] })),
    'fail high',
    /allows mx2\.example\.com.*192\.0\.2\.1:25 shows/,
    { endpoints: [at('mx.example.com', '192.0.2.1', shows(named('a.test')))] },
  ],

  [
    'an address that was not seen',
    served(),
    'inconclusive(prerequisite)',
    /^TLS of mx2\.example\.com\/192\.0\.2\.2:25 was not seen$/,
    { endpoints: [first, second(null)] },
  ],
  [
    'a host that was not seen',
    served(),
    'inconclusive(prerequisite)',
    /^TLS of mx2\.example\.com was not seen$/,
    { endpoints: [first] },
  ],
  [
    'a handshake that broke',
    served(),
    'inconclusive(prerequisite)',
    /not seen/,
    {
      endpoints: [
        first,
        second({
          kind: 'failed',
          exchange: exchange('STARTTLS', '220 go'),
          cut: trouble('tls-failed', 'hang-up', 'x'),
        }),
      ],
    },
  ],
  [
    'STARTTLS refused by a limiter',
    served(),
    'inconclusive(prerequisite)',
    /not seen/,
    { endpoints: [first, second(refused('454 4.7.0 Error: too many new TLS sessions from unknown[192.0.2.9]'))] },
  ],
  [
    'not seen, and one left out',
    served(policy({ mx: ['mx.example.com'] })),
    'fail high',
    /; TLS of mx\.example\.com was not seen$/,
    { endpoints: [] },
  ],
  [
    'not seen, and a note',
    served(policy({ mx: ['*.example.com', 'old.example.com'] })),
    'inconclusive(prerequisite)',
    /no MX host fits "old/,
    { endpoints: [] },
  ],

  [
    'a pattern without an MX',
    served(policy({ mx: ['*.example.com', 'old.example.com', '*.example.net'] })),
    'fail info',
    /no MX host fits "old\.example\.com" and "\*\.example\.net"$/,
  ],
  [
    'everybody below com',
    served(policy({ mx: ['*.example.com', '*.com'] })),
    'fail medium',
    /the pattern \*\.com allows every host/,
  ],
  ['under a day', served(policy({ maxAge: '86399' })), 'fail low', /max_age is 86399 s/],
  ['max_age 0', served(policy({ maxAge: '0' })), 'fail low', /max_age is 0 s/],
  ['over a year', served(policy({ maxAge: '31557601' })), 'fail low', /a year.*go on as if there were no policy/],
  ['a comment', served(policy({ more: ['# ours'] })), 'fail low', /line 6 of the policy is no key/],
  ['an empty line', served(policy({ more: [''] })), 'fail info', /line 6 of the policy is empty/],
  ['dots at the end', served(policy({ mx: ['mx.example.com.', 'mx2.example.com'] })), 'fail info', /ends in a dot/],
  [
    'a policy as a download',
    served(policy(), { contentType: 'application/octet-stream' }),
    'fail low',
    /served as application\/octet-stream/,
  ],
  ['a policy as a page', served(policy(), { contentType: 'text/html' }), 'fail low', /served as text\/html/],
  ['a policy without a type', served(policy(), { contentType: null }), 'fail low', /no type at all/],
  ['text/plainly', served(policy(), { contentType: 'text/plainly' }), 'fail low', /text\/plainly/],

  [
    'a page in its place',
    served('<!doctype html>', { contentType: 'text/html' }),
    'fail low',
    /a web page is served in its place: it has no version; senders go on/,
  ],
  [
    'a redirect',
    served('', { status: 301, location: 'https://www.example.com/' }),
    'fail low',
    /redirected \(301 to https:\/\/www\.example\.com\/\), and senders follow no redirect/,
  ],
  ['a redirect to nowhere', served('', { status: 302 }), 'fail low', /redirected \(302\)/],
  ['no file', served('', { status: 404 }), 'fail low', /answers with 404; senders go on/],
  ['a policy with 203', served(policy(), { status: 203 }), 'fail low', /203/],
  ['too large', unfetched('too-large', 'over 64 kB'), 'fail low', /over 64 kB; senders go on/],
  ['a certificate of another name', unfetched('certificate'), 'fail low', /so it was; senders go on/],
  ['a private address', unfetched('private'), 'fail low', /so it was/],
  ['no address', unfetched('no-address'), 'fail low', /so it was/],
  ['no HTTP', unfetched('broken'), 'fail low', /so it was/],
  ['no way there', unfetched('unreachable'), 'inconclusive(unreachable)', /so it was/],
  ['no DNS there', unfetched('dns-failed'), 'inconclusive(dns-failed)', /so it was/],
  ['too slow', unfetched('late'), 'inconclusive(timeout)', /so it was/],

  [
    'nothing of it',
    unfetched('no-address'),
    'fail info',
    /no TXT record of MTA-STS/,
    { records: { '_mta-sts.example.com TXT': [] } },
  ],
  [
    'nothing of it, and no way to see',
    unfetched('unreachable'),
    'fail info',
    /no TXT/,
    { records: { '_mta-sts.example.com TXT': ['v=spf1 -all'] } },
  ],
  [
    'nothing of it, and a page for any name',
    served('<html>', { contentType: 'text/html' }),
    'fail info',
    /no TXT/,
    { records: { '_mta-sts.example.com TXT': [] } },
  ],
  [
    'a policy without its record',
    served(),
    'fail low',
    /no TXT record at _mta-sts\.example\.com to tell/,
    { records: { '_mta-sts.example.com TXT': [] } },
  ],
  [
    'two records',
    served(),
    'fail low',
    /is there 2 times/,
    { records: { '_mta-sts.example.com TXT': ['v=STSv1; id=1', 'v=STSv1; id=2'] } },
  ],
  [
    'an id with hyphens',
    served(),
    'fail low',
    /1 to 32 letters and digits/,
    { records: { '_mta-sts.example.com TXT': ['v=STSv1; id=2026-11-28'] } },
  ],
  [
    'no answer for the record',
    served(),
    'inconclusive(dns-failed)',
    /_mta-sts\.example\.com/,
    { records: { '_mta-sts.example.com TXT': 'timeout' } },
  ],
  [
    'a record that does not validate',
    served(),
    'fail low',
    /DNSSEC/,
    { records: { '_mta-sts.example.com TXT': 'BOGUS' } },
  ],
  [
    'no answer for the MX records',
    served(),
    'inconclusive(dns-failed)',
    /MX/,
    { records: { 'example.com MX': 'SERVFAIL' } },
  ],
  ['null MX', served(), 'not-applicable', /null MX/, { records: { 'example.com MX': ['0 '] } }],
];

describe('mta-sts judges', () => {
  test.each(rows)('%s', async (_, file, expected, because, more) => {
    const judgement = await judged(file, more);
    const weight = judgement.verdict === 'fail' ? ` ${judgement.severity}` : '';
    expect(`${said(judgement)}${weight}`).toBe(expected);
    expect(judgement.because).toMatch(because);
    if (judgement.verdict === 'fail') expect(judgement.headline?.length).toBeLessThan(100);
  });

  test('quotes the policy, the MX records and the record, and gives the figures', async () => {
    const body = policy({ mx: ['mx.example.com', 'old.example.com'] });
    expect(
      await judged(served(body), { endpoints: [at('mx.example.com', '192.0.2.1', shows(expired))] }),
    ).toMatchObject({
      evidence: [
        { quote: expect.stringMatching(/^https:\/\/mta-sts\.example\.com\/\.well-known\/mta-sts\.txt HTTPS: 200/) },
        { quote: 'example.com MX: 10 mx.example.com | 20 mx2.example.com' },
        { quote: '_mta-sts.example.com TXT: v=STSv1; id=20261128' },
      ],
      measured: {
        used: true,
        id: '20261128',
        hosts: ['mx.example.com', 'mx2.example.com'],
        mode: 'enforce',
        maxAge: 604_800,
        patterns: ['mx.example.com', 'old.example.com'],
        notCovered: ['mx2.example.com'],
        unused: ['old.example.com'],
        failing: ['mx.example.com'],
        untold: [],
      },
    });
  });

  test('a slow file has its own way out: --timeout is for replies', async () => {
    expect(await judged(unfetched('late'))).toMatchObject({ doubt: 'timeout', cause: 'slow-file' });
  });

  describe('two hosts with one address, which is scanned under the first', () => {
    const shared = hosts.map(({ host }) => ({ host, addresses: ['192.0.2.1'] }));
    const of = (starttls: object | null, hello?: object) =>
      judgeDomain(mtaSts, zone, {
        subject: { hosts: shared },
        files: { [url]: served() },
        endpoints: [at('mx.example.com', '192.0.2.1', starttls, hello)],
      });

    test('a certificate for both holds', async () => {
      expect(said(await of(shows(named('mx.example.com', 'mx2.example.com'))))).toBe('pass');
    });

    test('one for the first tells nothing of the second: it may have its own (SNI)', async () => {
      expect(await of(shows(named('mx.example.com')))).toMatchObject({
        verdict: 'inconclusive',
        because: 'TLS of mx2.example.com/192.0.2.1:25 was not seen',
      });
    });

    test('no STARTTLS is none for both', async () => {
      expect(await of(refused('502 no'), notOffered)).toMatchObject({
        verdict: 'fail',
        measured: { failing: ['mx.example.com', 'mx2.example.com'] },
      });
    });
  });

  test('no MX records: the domain is its own host', async () => {
    const own = { 'example.com A': ['192.0.2.1'], '_mta-sts.example.com TXT': ['v=STSv1; id=1'] };
    const world = {
      subject: { hosts: [{ host: 'example.com', addresses: ['192.0.2.1'] }] },
      files: { [url]: served(policy({ mx: ['example.com'] })) },
      endpoints: [at('example.com', '192.0.2.1', shows(named('example.com')))],
    };
    expect(said(await judgeDomain(mtaSts, own, world))).toBe('pass');
    expect(said(await judgeDomain(mtaSts, own, { ...world, subject: { hosts: [] } }))).toBe('not-applicable');
  });

  test('300 MX hosts and a policy of 64 kB take no time, and no pass', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `${index} m${index}.example.com`);
    const started = performance.now();
    const body = policy({ mx: ['*.example.com', ...Array.from({ length: 5000 }, (_, index) => `x${index}.a.test`)] });
    const judgement = await judged(served(body), { records: { 'example.com MX': many } });
    expect(said(judgement)).toBe('inconclusive(prerequisite)');
    expect(judgement.because).toMatch(/280 more MX hosts was not seen/);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('any zone and any file: a verdict with its quote', async () => {
    const anyFile: fc.Arbitrary<File> = fc.oneof(
      fc.string({ maxLength: 80 }).map((text) => served(text)),
      fc
        .array(
          fc.constantFrom('version: STSv1', 'mode: enforce', 'mode: none', 'mx: *.example.com', 'max_age: 1', 'x', ''),
        )
        .map((some) => served(lines(...some))),
      fc.integer({ min: 100, max: 599 }).map((status) => served(policy(), { status })),
      fc.constantFrom('certificate', 'late', 'broken', 'unreachable').map((why) => unfetched(why as 'late')),
    );
    const anyRecord = fc.oneof(
      fc.constant('v=STSv1; id=1'),
      fc.string({ maxLength: 30 }).map((text) => `v=STSv1${text}`),
    );
    await fc.assert(
      fc.asyncProperty(anyZone(), anyFile, anyRecord, async (world, file, record) => {
        const judgement = await judgeDomain(
          mtaSts,
          { ...world, '_mta-sts.example.com TXT': [record] },
          { subject: { hosts }, files: { [url]: file }, endpoints: both },
        );
        if (judgement.verdict === 'pass' || judgement.verdict === 'fail')
          expect(judgement.evidence.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('mta-sts', () => {
  test('has lines for the zone and for MTAs', () => {
    expect(Object.keys(mtaSts.fix)).toEqual(expect.arrayContaining(['dns', 'postfix', 'exim']));
  });
});
