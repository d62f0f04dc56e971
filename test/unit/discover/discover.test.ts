import { describe, expect, test } from 'vitest';
import { discover } from '../../../src/discover/discover.ts';
import { maxAddresses } from '../../../src/discover/host-addresses.ts';
import { maxMxHosts } from '../../../src/discover/mx-hosts.ts';
import { parseTarget } from '../../../src/model/parse-target.ts';
import { defaultPolicy } from '../../../src/model/policy.ts';
import { portsOf } from '../../../src/scan/choice.ts';
import type { ScanOptions } from '../../../src/scan/options.ts';
import { type Script, scriptedResolver, servfail, timeout } from './scripted-resolver.ts';

type Choice = Partial<Pick<ScanOptions, 'ports' | 'family' | 'private'>>;
const chosen = (ports: readonly number[] | null) => portsOf({ ports, policy: defaultPolicy });

async function find(
  input: string,
  script: Record<string, Script> = {},
  { ports = null, family = null, private: mayBePrivate = false }: Choice = {},
) {
  const target = parseTarget(input);
  if (target.kind === 'bad') throw new Error(target.problem);
  const resolver = scriptedResolver(script);
  const found = await discover(target, { ports: chosen(ports), family, resolver, mayBePrivate });
  return { ...found, ids: found.endpoints.map((endpoint) => endpoint.id), asked: resolver.asked };
}

const both = { v4: ['192.0.2.1'], v6: ['2001:db8::1'] };

describe('a domain', () => {
  const at = (address: string) => ({
    'example.test': { mx: ['10 mx.example.test'] },
    'mx.example.test': address.includes(':') ? { v6: [address] } : { v4: [address] },
  });

  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '192.168.0.1',
    '169.254.1.1',
    '100.64.0.1',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:10.0.0.1',
  ])('that leads to %s is not scanned in its name, unless that is allowed', async (address) => {
    const found = await find('example.test', at(address));
    expect(found).toMatchObject({ kind: 'domain', ids: [], trouble: { kind: 'no-address' } });
    expect(found.notes.join()).toContain(`leads to ${address}, which is not on the Internet: not scanned (--private`);
    expect((await find('example.test', at(address), { private: true })).endpoints).toMatchObject([{ address }]);
  });

  test('that leads to 0.0.0.0 leads to nobody, whatever is allowed', async () => {
    const found = await find('example.test', at('0.0.0.0'), { private: true });
    expect(found).toMatchObject({ ids: [], trouble: { kind: 'no-address' } });
  });

  test('with a public address beside a private one is scanned at the public one', async () => {
    const found = await find('example.test', {
      'example.test': { mx: ['10 mx.example.test'] },
      'mx.example.test': { v4: ['10.0.0.1', '192.0.2.1'] },
    });
    expect(found.ids).toEqual(['mx.example.test/192.0.2.1:25']);
  });

  test('leads to its MX hosts by preference, each with all its addresses, at port 25', async () => {
    const found = await find('Example.test', {
      'example.test': { mx: ['20 b.example.test', '10 c.example.test', '10 A.example.test.'], v4: ['192.0.2.99'] },
      'a.example.test': both,
      'b.example.test': { v4: ['192.0.2.2', '192.0.2.3'] },
      'c.example.test': { v6: ['2001:db8::3'] },
    });
    expect(found).toMatchObject({
      input: 'Example.test',
      kind: 'domain',
      name: 'example.test',
      notes: [],
      trouble: null,
    });
    expect(found.ids).toEqual([
      'a.example.test/192.0.2.1:25',
      'a.example.test/[2001:db8::1]:25',
      'c.example.test/[2001:db8::3]:25',
      'b.example.test/192.0.2.2:25',
      'b.example.test/192.0.2.3:25',
    ]);
    expect(found.endpoints[0]).toMatchObject({
      host: 'a.example.test',
      address: '192.0.2.1',
      port: 25,
      role: 'mx',
      tls: 'starttls',
    });
    expect(found.asked).not.toContain('A example.test');
  });

  test('is scanned at the ports asked for, 465 with TLS from the first byte', async () => {
    const script = { 'example.test': { mx: ['10 mx.example.test'] }, 'mx.example.test': { v4: ['192.0.2.1'] } };
    const found = await find('example.test', script, { ports: [587, 465, 587] });
    expect(found.endpoints).toMatchObject([
      { port: 587, role: 'submission', tls: 'starttls' },
      { port: 465, role: 'submissions', tls: 'implicit' },
    ]);
  });

  test.each([4, 6] as const)('is scanned by IPv%i only where that is asked for', async (family) => {
    const script = { 'example.test': { mx: ['10 mx.example.test'] }, 'mx.example.test': both };
    const found = await find('example.test', script, { family });
    expect(found.ids).toEqual([family === 4 ? 'mx.example.test/192.0.2.1:25' : 'mx.example.test/[2001:db8::1]:25']);
    expect(found.asked).not.toContain(`${family === 4 ? 'AAAA' : 'A'} mx.example.test`);
  });

  test.each([
    [['0 .'], '"0 ." (RFC 7505)'],
    [['10 .'], '"10 ." (RFC 7505 §3 wants the preference 0)'],
    [['0 .', '0 .'], '"0 ." (RFC 7505)'],
  ])('with the null MX %j takes no mail', async (mx, quoted) => {
    const found = await find('example.test', { 'example.test': { mx, v4: ['192.0.2.1'] } });
    expect(found).toMatchObject({ kind: 'domain', ids: [], trouble: { kind: 'null-mx' } });
    expect(found.trouble?.because).toBe(`example.test takes no mail: it has a null MX record, ${quoted}`);
    expect(found.asked).toEqual(['MX example.test']);
  });

  test.each(['localhost', 'mx.localhost', 'localhost.localdomain'])('whose MX is %s leads nowhere', async (name) => {
    const found = await find('example.test', { 'example.test': { mx: [`0 ${name}`] }, [name]: { v4: ['127.0.0.1'] } });
    expect(found).toMatchObject({ ids: [], trouble: { kind: 'no-address' } });
    expect(found.notes[0]).toContain(`MX ${name} is whatever machine looks it up`);
  });

  test('with a null MX beside others is scanned at the others', async () => {
    const found = await find('example.test', {
      'example.test': { mx: ['0 .', '10 mx.example.test'] },
      'mx.example.test': { v4: ['192.0.2.1'] },
    });
    expect(found.ids).toEqual(['mx.example.test/192.0.2.1:25']);
    expect(found.notes).toEqual([
      'a null MX ("0 .") stands beside other MX records, which RFC 7505 §3 forbids: ignored',
    ]);
  });

  test('that does not exist is said not to', async () => {
    const found = await find('exmaple.test');
    expect(found).toMatchObject({ kind: 'domain', ids: [], trouble: { kind: 'not-found' } });
    expect(found.trouble?.because).toBe('exmaple.test does not exist (DNS says NXDOMAIN): check the spelling');
  });

  test.each([servfail, timeout])('whose MX look-up failed is not tried by its address: %o', async (mx) => {
    const found = await find('example.test', { 'example.test': { mx, ...both } });
    expect(found).toMatchObject({ kind: 'domain', ids: [], trouble: { kind: 'dns-failed' } });
    expect(found.trouble?.because).toContain(mx.because);
    expect(found.trouble?.because).toContain('give example.test:25 to scan it as a host');
    expect(found.asked).toEqual(['MX example.test']);
  });
});

describe('an MX host', () => {
  const beside = (mx: string[], script: Record<string, Script>) =>
    find('example.test', {
      'example.test': { mx: [...mx, '90 good.example.test'] },
      'good.example.test': { v4: ['192.0.2.90'] },
      ...script,
    });
  const good = 'good.example.test/192.0.2.90:25';

  test('without an address is a note, and the others go on', async () => {
    const found = await beside(['10 bare.example.test', '20 gone.example.test'], { 'bare.example.test': {} });
    expect(found.ids).toEqual([good]);
    expect(found.notes).toEqual([
      'MX bare.example.test has no address: skipped',
      'MX gone.example.test does not exist (NXDOMAIN): skipped',
    ]);
  });

  test('that could not be looked up is a note, and the others go on', async () => {
    const found = await beside(['10 sick.example.test'], {
      'sick.example.test': { v4: servfail, v6: ['2001:db8::7'] },
    });
    expect(found.ids).toEqual(['sick.example.test/[2001:db8::7]:25', good]);
    expect(found.notes).toEqual(['sick.example.test: A could not be looked up, the server answered SERVFAIL']);
  });

  test('that is an alias is followed, with a note', async () => {
    const found = await beside(['10 alias.example.test'], {
      'alias.example.test': { v4: ['192.0.2.7'], cname: 'real.example.test' },
    });
    expect(found.ids).toEqual(['alias.example.test/192.0.2.7:25', good]);
    expect(found.notes).toEqual([
      expect.stringContaining(
        'MX alias.example.test is an alias (CNAME), which RFC 5321 §5.1 and RFC 2181 §10.3 forbid',
      ),
    ]);
  });

  test.each(['192.0.2.7', '2001:db8::7'])('given as the address %s is skipped', async (address) => {
    const found = await beside([`10 ${address}`], {});
    expect(found.ids).toEqual([good]);
    expect(found.notes).toEqual([`MX ${address} is an address where RFC 5321 §5.1 wants a name: skipped`]);
  });

  test.each(['a\\027[31m', 'a\x1b[31m', 'mx..example.test', '*.example.test'])(
    'that is no name is skipped and shown safely: %j',
    async (name) => {
      const found = await beside([`10 ${name}`], {});
      expect(found.ids).toEqual([good]);
      expect(found.notes).toEqual([expect.stringMatching(/^MX [\x20-\x7e]+ is no host name: skipped$/)]);
    },
  );

  test('that is listed twice is scanned once', async () => {
    const found = await beside(['20 mx.example.test', '10 MX.example.test.'], {
      'mx.example.test': { v4: ['192.0.2.7'] },
    });
    expect(found.ids).toEqual(['mx.example.test/192.0.2.7:25', good]);
    expect(found.notes).toEqual(['listed more than once, scanned once: mx.example.test']);
    expect(found.asked.filter((question) => question === 'A mx.example.test')).toHaveLength(1);
  });

  test('that shares an address with another is scanned once', async () => {
    const found = await beside(['10 one.example.test', '20 two.example.test'], {
      'one.example.test': { v4: ['192.0.2.7', '192.0.2.7'] },
      'two.example.test': { v4: ['192.0.2.7', '192.0.2.8'] },
    });
    expect(found.ids).toEqual(['one.example.test/192.0.2.7:25', 'two.example.test/192.0.2.8:25', good]);
    expect(found.notes).toEqual([
      'one.example.test and two.example.test share 192.0.2.7: scanned once, as one.example.test',
    ]);
  });
});

describe('a domain whose MX hosts lead nowhere', () => {
  test.each([
    ['no address at all', {}, 'no-address', 'no MX host of example.test has an address to scan'],
    ['no address that could be looked up', { v4: timeout }, 'dns-failed', 'no answer within 5 s'],
  ] as const)('has %s', async (_, host, kind, because) => {
    const found = await find('example.test', {
      'example.test': { mx: ['10 mx.example.test'], ...both },
      'mx.example.test': host,
    });
    expect(found).toMatchObject({
      kind: 'domain',
      ids: [],
      trouble: { kind, because: expect.stringContaining(because) },
    });
    expect(found.notes).toHaveLength(1);
  });

  test('has none of the family asked for', async () => {
    const script = { 'example.test': { mx: ['10 mx.example.test'] }, 'mx.example.test': { v4: ['192.0.2.1'] } };
    const found = await find('example.test', script, { family: 6 });
    expect(found).toMatchObject({ trouble: { kind: 'no-address' } });
    expect(found.notes).toEqual(['MX mx.example.test has no IPv6 address, and no other was asked for: skipped']);
  });
});

describe('a name without MX records', () => {
  test('is a host, at the ports of hosts', async () => {
    const found = await find('mx.example.test', { 'mx.example.test': both });
    expect(found).toMatchObject({ kind: 'host', name: 'mx.example.test', trouble: null });
    expect(found.endpoints.map(({ address, port, tls }) => [address, port, tls])).toEqual([
      ['192.0.2.1', 25, 'starttls'],
      ['192.0.2.1', 587, 'starttls'],
      ['192.0.2.1', 465, 'implicit'],
      ['2001:db8::1', 25, 'starttls'],
      ['2001:db8::1', 587, 'starttls'],
      ['2001:db8::1', 465, 'implicit'],
    ]);
    expect(found.notes).toEqual(['no MX record: scanned as a host (implicit MX, RFC 5321 §5.1)']);
  });

  test('that DNS denies and this machine knows is a host, with a note', async () => {
    const known = scriptedResolver({ 'printer.test': { v4: ['192.0.2.5'] } });
    const resolver = { ...known, mx: async () => ({ kind: 'no-name' }) as const };
    const found = await discover(
      { kind: 'name', input: 'printer.test', name: 'printer.test' },
      { ports: chosen([25]), family: null, resolver, mayBePrivate: false },
    );
    expect(found).toMatchObject({ kind: 'host', endpoints: [{ address: '192.0.2.5' }], trouble: null });
    expect(found.notes).toEqual([expect.stringContaining('DNS says that printer.test does not exist (NXDOMAIN)')]);
  });

  test.each(['0.0.0.0', '::', '0.1.2.3'])('that leads to %s leads to nobody', async (address) => {
    const found = await find('example.test', {
      'example.test': address.includes(':') ? { v6: [address] } : { v4: [address] },
    });
    expect(found).toMatchObject({ ids: [], trouble: { kind: 'no-address' } });
    expect(found.trouble?.because).toBe(`example.test leads to ${address}, which is no host's address`);
  });

  test('and without an address is said to have none', async () => {
    const found = await find('example.test', { 'example.test': {} });
    expect(found).toMatchObject({ kind: 'host', ids: [], trouble: { kind: 'no-address' } });
    expect(found.trouble?.because).toBe('example.test has no address: check the spelling, or give an address');
  });

  test('and with an address look-up that failed is not known', async () => {
    const found = await find('example.test', { 'example.test': { v4: servfail } });
    expect(found).toMatchObject({ ids: [], trouble: { kind: 'dns-failed' } });
  });

  test('whose MX look-up failed is a host where this machine knows it without DNS', async () => {
    const found = await find('postfix', { postfix: { mx: timeout, v4: ['192.0.2.5'], local: true } }, { ports: [25] });
    expect(found).toMatchObject({ kind: 'host', ids: ['postfix/192.0.2.5:25'], trouble: null });
    expect(found.notes).toEqual([
      'no answer within 5 s, but this machine knows postfix without DNS: scanned as a host',
    ]);
  });

  test('whose MX look-up failed and that this machine does not know is not known', async () => {
    const found = await find('postfix', { postfix: { mx: timeout, local: true } });
    expect(found).toMatchObject({ ids: [], trouble: { kind: 'dns-failed' } });
  });
});

describe('an endpoint or an address', () => {
  test('with a name leads to all its addresses, and its MX records count for nothing', async () => {
    const found = await find(
      'smtps://mx.example.test:2465',
      { 'mx.example.test': { ...both, mx: ['0 .'] } },
      { ports: [25] },
    );
    expect(found).toMatchObject({ kind: 'endpoint', name: 'mx.example.test', notes: [], trouble: null });
    expect(found.ids).toEqual(['mx.example.test/192.0.2.1:2465', 'mx.example.test/[2001:db8::1]:2465']);
    expect(found.endpoints[0]).toMatchObject({ role: 'submissions', tls: 'implicit' });
    expect(found.asked).not.toContain('MX mx.example.test');
  });

  test.each([
    ['192.0.2.1:25', ['192.0.2.1/192.0.2.1:25'], 'endpoint'],
    ['[2001:DB8::1]:25', ['2001:db8::1/[2001:db8::1]:25'], 'endpoint'],
    ['192.0.2.1', ['192.0.2.1/192.0.2.1:25', '192.0.2.1/192.0.2.1:587', '192.0.2.1/192.0.2.1:465'], 'host'],
  ])('%s is itself, without DNS', async (input, ids, kind) => {
    expect(await find(input)).toMatchObject({ input, kind, name: null, ids, notes: [], trouble: null, asked: [] });
  });

  test('that may have been meant as a port says so', async () => {
    const found = await find('2001:db8::1:25');
    expect(found.ids[0]).toBe('2001:db8::1:25/[2001:db8::1:25]:25');
    expect(found.notes).toEqual(['2001:db8::1:25 is read as an address: for port 25 write [2001:db8::1]:25']);
    expect((await find('2001:db8::25')).notes).toEqual([]);
    expect((await find('[2001:db8::1:25]')).notes).toEqual([]);
  });

  test('of the other family is not scanned', async () => {
    const found = await find('[::1]:25', {}, { family: 4 });
    expect(found).toMatchObject({
      ids: [],
      trouble: { kind: 'no-address', because: '::1 is no IPv4 address, and no other was asked for: leave out --ipv4' },
    });
  });

  test.each([
    ['gone.test:25', {}, 'not-found'],
    ['bare.test:25', { 'bare.test': {} }, 'no-address'],
    ['sick.test:25', { 'sick.test': { v6: timeout } }, 'dns-failed'],
  ])('%s leads nowhere', async (input, script, kind) => {
    expect(await find(input, script)).toMatchObject({ kind: 'endpoint', ids: [], trouble: { kind } });
  });

  test('is not found where only the MX question can tell that it does not exist', async () => {
    const none = { kind: 'no-data' } as const;
    const resolver = { ...scriptedResolver({}), addresses: async () => none };
    const target = {
      kind: 'endpoint',
      input: 'gone.test:25',
      host: 'gone.test',
      port: 25,
      role: 'mx',
      tls: 'starttls',
    } as const;
    expect(await discover(target, { ports: chosen(null), family: null, resolver, mayBePrivate: false })).toMatchObject({
      trouble: { kind: 'not-found' },
    });
  });
});

describe('a hostile zone is bounded', () => {
  test('in MX hosts', async () => {
    const names = Array.from({ length: 4000 }, (_, at) => `mx${at}.example.test`);
    const hosts = Object.fromEntries(names.map((name, at) => [name, { v4: [`198.51.${at >> 8}.${at & 255}`] }]));
    const found = await find('example.test', {
      'example.test': { mx: names.map((name, at) => `${at} ${name}`) },
      ...hosts,
    });
    expect(found.ids).toHaveLength(maxMxHosts);
    expect(found.ids.at(-1)).toBe('mx19.example.test/198.51.0.19:25');
    expect(found.notes).toEqual(['4000 MX hosts: only the first 20 by preference are scanned']);
  });

  test('in addresses', async () => {
    const v4 = Array.from({ length: 200 }, (_, at) => `192.0.2.${at}`);
    const found = await find('mx.example.test:25', { 'mx.example.test': { v4, v6: ['2001:db8::1'] } });
    expect(found.ids).toHaveLength(maxAddresses + 1);
    expect(found.notes).toEqual(['mx.example.test has 200 A records: only 16 are scanned']);
  });
});
