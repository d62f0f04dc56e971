import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startSender, startServer } from '../../docker/lab.ts';
import { until } from '../../docker/ready.ts';
import { postfix } from '../../docker/scenarios/postfix.ts';
import { defaultRestraint, parseTarget, scan } from '../../src/index.ts';

/**
 * Domains whose zones are signed, and a Postfix that shows each of their hosts another chain of certificates; the probe
 * and Debian's own sender are asked about each. Two more servers: one shows a certificate that no record is of, the
 * other has no TLS.
 */
interface Row {
  /** Certificates of `dane-receiver.sh`, the server's own first. */
  readonly shows: readonly string[];
  /** `3 1 1 leaf`: the record of a certificate. */
  readonly tlsa: readonly string[];
  /** What `dane` says, and its weight. */
  readonly ours: string;
  /** What posttls-finger says at the level `dane`. */
  readonly peer: 'Verified' | 'Untrusted' | 'TLSA lookup error';
}

const whole = ['leaf', 'intermediate'];
const rows: Readonly<Record<string, Row>> = {
  // Asked for by issue 15.
  key: { shows: whole, tlsa: ['3 1 1 leaf'], ours: 'pass', peer: 'Verified' },
  renewed: { shows: ['renewed', 'intermediate'], tlsa: ['3 0 1 leaf'], ours: 'fail critical', peer: 'Untrusted' },
  certificate: { shows: whole, tlsa: ['3 0 1 leaf'], ours: 'fail low', peer: 'Verified' },
  authority: { shows: whole, tlsa: ['2 1 1 intermediate'], ours: 'pass', peer: 'Verified' },
  'authority-left-out': { shows: ['leaf'], tlsa: ['2 1 1 intermediate'], ours: 'fail critical', peer: 'Untrusted' },
  'wrong-key': { shows: whole, tlsa: ['3 1 1 root'], ours: 'fail critical', peer: 'Untrusted' },
  'usage-1': { shows: whole, tlsa: ['1 1 1 leaf'], ours: 'fail medium', peer: 'Untrusted' },
  tampered: { shows: whole, tlsa: ['3 1 1 leaf'], ours: 'fail high', peer: 'TLSA lookup error' },
  // And what owners do besides.
  'sha-512': { shows: whole, tlsa: ['3 1 2 leaf'], ours: 'pass', peer: 'Verified' },
  'whole-key': { shows: whole, tlsa: ['3 1 0 leaf'], ours: 'pass', peer: 'Verified' },
  'whole-intermediate': { shows: whole, tlsa: ['2 0 0 intermediate'], ours: 'pass', peer: 'Verified' },
  'both-keys': { shows: whole, tlsa: ['3 1 1 root', '3 1 1 leaf'], ours: 'pass', peer: 'Verified' },
  'stronger-digest': {
    shows: whole,
    tlsa: ['3 1 1 leaf', '3 1 2 root'],
    ours: 'fail critical',
    peer: 'Untrusted',
  },
  'stronger-digest-elsewhere': {
    shows: whole,
    tlsa: ['3 1 1 leaf', '3 0 2 root', '2 1 2 impostor'],
    ours: 'pass',
    peer: 'Verified',
  },
  expired: { shows: ['expired', 'intermediate'], tlsa: ['3 1 1 expired'], ours: 'pass', peer: 'Verified' },
  'expired-by-authority': {
    shows: ['expired', 'intermediate'],
    tlsa: ['2 1 1 intermediate'],
    ours: 'fail critical',
    peer: 'Untrusted',
  },
  'other-name': { shows: ['stranger', 'intermediate'], tlsa: ['3 1 1 stranger'], ours: 'pass', peer: 'Verified' },
  'other-name-by-authority': {
    shows: ['stranger', 'intermediate'],
    tlsa: ['2 1 1 intermediate'],
    ours: 'fail critical',
    peer: 'Untrusted',
  },
  // Named by the domain alone.
  domain: { shows: ['domain', 'intermediate'], tlsa: ['2 0 1 intermediate'], ours: 'pass', peer: 'Verified' },
  'out-of-order': { shows: ['leaf', 'root', 'intermediate'], tlsa: ['2 1 1 root'], ours: 'pass', peer: 'Verified' },
  'root-left-out': { shows: whole, tlsa: ['2 1 1 root'], ours: 'fail critical', peer: 'Untrusted' },
  impostor: { shows: ['leaf', 'impostor'], tlsa: ['2 1 1 impostor'], ours: 'fail critical', peer: 'Untrusted' },
  'authority-over': { shows: ['leaf', 'over'], tlsa: ['2 0 1 over'], ours: 'pass', peer: 'Verified' },
  'over-between': { shows: ['leaf', 'over', 'root'], tlsa: ['2 1 1 root'], ours: 'fail critical', peer: 'Untrusted' },
  'self-signed-authority': { shows: ['self'], tlsa: ['2 1 1 self'], ours: 'fail critical', peer: 'Untrusted' },
  alias: { shows: whole, tlsa: [], ours: 'pass', peer: 'Verified' },
  'alias-to-plain': { shows: whole, tlsa: [], ours: 'fail low', peer: 'Untrusted' },
  'other-port': { shows: whole, tlsa: [], ours: 'not-applicable', peer: 'Untrusted' },
  // The one that differs: the facts hold no certificate whole, and the record alone holds the root. Postfix is right.
  'whole-root-left-out': { shows: whole, tlsa: ['2 0 0 root'], ours: 'inconclusive prerequisite', peer: 'Verified' },
};

let receiver: RunningServer;
let other: RunningServer;
let plain: RunningServer;
let sender: Awaited<ReturnType<typeof startSender>>;

beforeAll(async () => {
  [receiver, other, plain] = await Promise.all([
    startServer(postfix({ id: 'dane', sentence: 'Shows each host of a domain its own certificate.' })),
    startServer(postfix({ id: 'dane-other', sentence: 'Shows a certificate that no TLSA record is of.' })),
    startServer(
      postfix({ id: 'dane-plain', sentence: 'No TLS.', config: { 'main:smtpd_tls_security_level': 'none' } }),
    ),
  ]);
  const chains = [...Object.entries(rows).map(([id, { shows }]) => [`mx-${id}.signed.test`, shows] as const)];
  const hosts = [...chains, ['mx1.two.test', whole] as const].map(([host, shows]) => `${host}=${shows.join(',')}`);
  const script = readFileSync(new URL('dane-receiver.sh', import.meta.url), 'utf8');
  sender = await startSender(zonesWith(digestsIn(await receiver.exec(['bash', '-c', script, 'receiver', ...hosts]))));
}, 600_000);

afterAll(async () => {
  for (const one of [receiver, other, plain, sender]) await one?.[Symbol.asyncDispose]();
});

type Digests = ReadonlyMap<string, readonly string[]>;

function digestsIn(output: string): Digests {
  const lines = output.split('\n').map((line) => line.trim().split(' '));
  return new Map(lines.filter(({ length }) => length === 7).map(([name = '', ...digests]) => [name, digests]));
}

/** `3 1 1 leaf` with the data in the place of the name. */
function recordOf(text: string, digests: Digests): string {
  const [usage, selector, matching, name = ''] = text.split(' ');
  const data = digests.get(name)?.[3 * Number(selector) + Number(matching)];
  if (data === undefined) throw new Error(`no certificate ${name}`);
  return `${usage} ${selector} ${matching} ${data}`;
}

function zonesWith(digests: Digests): Record<string, string> {
  const leaf = recordOf('3 1 1 leaf', digests);
  const wrong = recordOf('3 1 1 root', digests);
  const at = receiver.address();
  const signed = Object.entries(rows).flatMap(([id, { tlsa }]) => [
    `${id} MX 10 mx-${id}`,
    `mx-${id} A ${at}`,
    ...tlsa.map((text) => `_25._tcp.mx-${id} TLSA ${recordOf(text, digests)}`),
  ]);
  const two = [
    'half MX 10 mx2',
    'half MX 20 mx1',
    'open MX 10 mx3',
    'open MX 20 mx1',
    'clear MX 10 mx3',
    'bare MX 10 mx1',
    'bare MX 20 mx4',
    `mx1 A ${at}`,
    `mx2 A ${other.address()}`,
    `mx3 A ${plain.address()}`,
    `mx4 A ${other.address()}`,
    ...['mx1', 'mx2', 'mx3'].map((host) => `_25._tcp.${host} TLSA ${leaf}`),
  ];
  return {
    'signed:signed.test': [
      ...signed,
      '_25._tcp.mx-alias CNAME tlsa.two.test.',
      '_25._tcp.mx-alias-to-plain CNAME tlsa.plain.test.',
      `_465._tcp.mx-other-port TLSA ${leaf}`,
    ].join('\n'),
    'signed:two.test': [...two, `tlsa TLSA ${leaf}`].join('\n'),
    'plain:plain.test': [
      '@ MX 10 mx',
      `mx A ${at}`,
      `_25._tcp.mx TLSA ${wrong}`,
      `tlsa TLSA ${leaf}`,
      'hosted MX 10 mx-key.signed.test.',
      'hosted-wrong MX 10 mx-wrong-key.signed.test.',
    ].join('\n'),
    'tampered:_25._tcp.mx-tampered.signed.test': '',
  };
}

/** Verdict with weight or doubt, and the evidence. */
async function said(domain: string, isTrusted = true) {
  const target = parseTarget(domain);
  if (target.kind === 'bad') throw new Error(target.problem);
  const report = await scan([target], {
    helo: 'scanner.example.com',
    dns: sender.address(),
    dnsTrusted: isTrusted,
    private: true,
    probes: ['dane'],
    restraint: { ...defaultRestraint, replySeconds: 30 },
  });
  const finding = report.targets[0]?.findings?.find(({ probe }) => probe === 'dane');
  if (finding === undefined) throw new Error(JSON.stringify(report.targets));
  const { verdict, severity, doubt = '' } = finding;
  const words = { fail: ` ${severity}`, inconclusive: ` ${doubt}` }[verdict as string] ?? '';
  return { ...finding, words: `${verdict}${words}` };
}

/** What posttls-finger makes of the first host that it connects to. */
async function peerSays(domain: string): Promise<string> {
  const output = await sender.exec(['sh', '-c', `posttls-finger -l dane ${domain} 2>&1 || true`]);
  const told = /(Verified|Trusted|Untrusted)(?= TLS)|TLSA lookup error/.exec(output)?.[0];
  return told ?? (output.includes('> STARTTLS') ? output : 'no TLS');
}

describe('dane and posttls-finger', () => {
  test.each(Object.entries(rows))('%s', async (id, { ours, peer }) => {
    const finding = await said(`${id}.signed.test`);
    expect(finding.words, finding.because).toBe(ours);
    expect(await peerSays(`${id}.signed.test`)).toBe(peer);
  });
});

describe('dane of several hosts', () => {
  test.each<[string, string, string, string]>([
    ['one of two shows another certificate', 'half.two.test', 'fail high', 'Untrusted'],
    ['one of two has no TLS', 'open.two.test', 'fail high', 'no TLS'],
    ['the only one has no TLS', 'clear.two.test', 'fail critical', 'no TLS'],
    ['one of two has no record', 'bare.two.test', 'fail low', 'Verified'],
    ['no DNSSEC', 'plain.test', 'not-applicable', 'Untrusted'],
    ['the hosts alone are signed, and match', 'hosted.plain.test', 'not-applicable', 'Trusted'],
    ['the hosts alone are signed, and do not match', 'hosted-wrong.plain.test', 'fail medium', 'Untrusted'],
  ])('%s', async (_, domain, expected, peer) => {
    const finding = await said(domain);
    expect(finding.words, finding.because).toBe(expected);
    expect(await peerSays(domain)).toBe(peer);
  });

  test('a Postfix that does DANE keeps its mail for a host that does not match, signed MX records or not', async () => {
    await sender.exec(['postconf', '-e', 'smtp_tls_security_level=dane', 'smtp_dns_support_level=dnssec']);
    await sender.exec(['postconf', '-e', 'inet_protocols=ipv4', 'maillog_file=/var/log/mail.log', 'myhostname=sender']);
    await sender.exec(['postfix', 'start']);
    const sends = (domain: string) => sender.exec(['sh', '-c', `sendmail -f '<>' alice@${domain} </dev/null`]);
    for (const domain of ['hosted.plain.test', 'hosted-wrong.plain.test', 'clear.two.test']) await sends(domain);
    let log = '';
    const areDone = async () => {
      log = await sender.exec(['cat', '/var/log/mail.log']);
      return (log.match(/ dsn=/g) ?? []).length >= 3;
    };
    expect(await until(areDone, 60_000)).toBe(true);
    expect(log).toMatch(/to=<alice@hosted-wrong\.plain\.test>.*status=deferred \(Server certificate not verified\)/);
    expect(log).toMatch(/to=<alice@clear\.two\.test>.*status=deferred \(TLS is required, but was not offered/);
    expect(log).toMatch(/to=<alice@hosted\.plain\.test>, relay=mx-key\.signed\.test.*said: /);
  });

  test('a resolver that is not on this machine, and not said to be trusted', async () => {
    expect((await said('key.signed.test', false)).words).toBe('inconclusive prerequisite');
    expect((await said('other-port.signed.test', false)).words).toBe('not-applicable');
  });

  test('the record that is wanted is the one that matches, and the fix prints it', async () => {
    const { measured, because, fix } = await said('wrong-key.signed.test');
    const [wanted = ''] = (measured?.wanted ?? []) as string[];
    const good = await said('key.signed.test');
    expect(JSON.stringify(good.evidence)).toContain(wanted.split(' TLSA ')[1]);
    expect(because).toContain(wanted);
    const line = fix?.dns?.find((one) => one.startsWith('openssl ')) ?? '';
    await receiver.exec(['sh', '-c', 'echo 127.0.0.1 mx-wrong-key.signed.test >>/etc/hosts']);
    const printed = await receiver.exec(['sh', '-c', line]);
    expect(printed.trim()).toBe(wanted.replace(' IN ', ' 3600 IN '));
  });
});
