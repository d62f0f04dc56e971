import { createSocket } from 'node:dgram';
import { type Answer, AUTHENTIC_DATA, TRUNCATED_RESPONSE } from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { askServers } from '../../../src/discover/ask-servers.ts';
import { dnsClient, maxAliases } from '../../../src/discover/dns-client.ts';
import { maxRecords } from '../../../src/discover/dns-message.ts';
import { dnsServerOf } from '../../../src/discover/dns-servers.ts';
import { type Behaviour, type Heard, packetFor, startHostileDns } from '../../support/hostile-dns.ts';

const clientOf = (server: string, timeoutSeconds = 5) => dnsClient({ server, isTrusted: false, timeoutSeconds });

const a = (name: string, data = '192.0.2.1'): Answer => ({ type: 'A', name, ttl: 300, data });
const mx = (name: string, preference: number, exchange: string): Answer => ({
  type: 'MX',
  name,
  ttl: 300,
  data: { preference, exchange },
});
const cname = (name: string, data: string): Answer => ({ type: 'CNAME', name, ttl: 60, data });

/** What A of `example.test` comes to where the server behaves like this. */
async function ask(behave: Behaviour, { name = 'example.test', seconds = 5 } = {}) {
  await using dns = await startHostileDns(behave);
  const began = performance.now();
  const answer = await clientOf(dns.server, seconds).ask(name, 'A');
  return { ...answer, asked: dns.asked, ms: performance.now() - began };
}

describe('an answer', () => {
  test('is found, with its least TTL and what the server vouches for', async () => {
    const found = await ask((heard) => [
      packetFor(heard, { answers: [cname('Example.test', 'b.test'), a('B.test')], flags: AUTHENTIC_DATA }),
    ]);
    expect(found).toMatchObject({
      kind: 'found',
      rcode: 'NOERROR',
      records: ['192.0.2.1'],
      aliases: ['b.test'],
      secure: true,
      ttl: 60,
      because: null,
    });
  });

  test.each([
    [3, 'no-name', 'NXDOMAIN', null],
    [0, 'no-data', 'NOERROR', null],
    [5, 'failed', 'REFUSED', 'the server answered REFUSED'],
    [11, 'failed', 'RCODE11', 'the server answered RCODE11'],
  ])('of RCODE %i is %s', async (rcode, kind, name, because) => {
    expect(await ask((heard) => [packetFor(heard, { rcode })])).toMatchObject({ kind, rcode: name, because });
  });

  test('with CNAME alone is asked on, each target once', async () => {
    const found = await ask((heard) => [
      packetFor(heard, { answers: [heard.question.name === 'b.test' ? a('b.test') : cname('example.test', 'b.test')] }),
    ]);
    expect(found).toMatchObject({ kind: 'found', aliases: ['b.test'], asked: ['udp A example.test', 'udp A b.test'] });
  });

  test('that a server refers elsewhere for is none', async () => {
    const referral = (heard: Heard) => {
      const packet = packetFor(heard);
      packet.writeUInt16BE(0x8000, 2);
      return [packet];
    };
    expect(await ask(referral)).toMatchObject({ kind: 'failed', because: 'the server asks no others for us' });
  });
});

describe('each kind of record', () => {
  const records: readonly [Answer, unknown][] = [
    [{ type: 'AAAA', name: 'x.test', data: '2001:DB8:0::1' }, '2001:db8::1'],
    [mx('x.test', 10, 'MX.Example.TEST'), { preference: 10, exchange: 'mx.example.test' }],
    [mx('x.test', 0, '.'), { preference: 0, exchange: '' }],
    [{ type: 'PTR', name: 'x.test', data: 'Host.test' }, 'host.test'],
    [{ type: 'CNAME', name: 'x.test', data: 'Y.test' }, 'y.test'],
    [{ type: 'TXT', name: 'x.test', data: ['v=spf1 ', '-all'] }, 'v=spf1 -all'],
    [{ type: 'TXT', name: 'x.test', data: [Buffer.from('a\x1b[31m\xff', 'latin1')] }, 'a\\x1b[31m\\xff'],
    [{ type: 'TXT', name: 'x.test', data: [] }, ''],
    [
      {
        type: 'TLSA',
        name: 'x.test',
        data: { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.from('ABCD', 'hex') },
      },
      { usage: 3, selector: 1, matching: 1, data: 'abcd' },
    ],
  ];
  test.each(records)('%j is %j', async (record, expected) => {
    await using dns = await startHostileDns((heard) => [packetFor(heard, { answers: [record] })]);
    const { records: found } = await clientOf(dns.server).ask('x.test', record.type as 'MX');
    expect(found).toEqual([expected]);
  });
});

describe('what is not the answer is not waited less for', () => {
  const good = (heard: Heard) => packetFor(heard, { answers: [a('example.test')] });
  const strangers: Readonly<Record<string, (heard: Heard) => Buffer>> = {
    'a wrong id': (heard) => packetFor(heard, { id: heard.id ^ 1, answers: [a('example.test', '203.0.113.9')] }),
    'another name': (heard) => packetFor(heard, { questions: [{ type: 'A', name: 'other.test' }] }),
    'another type': (heard) => packetFor(heard, { questions: [{ type: 'TXT', name: 'example.test' }] }),
    'another class': (heard) => packetFor(heard, { questions: [{ ...heard.question, class: 'CH' }] }),
    'two questions': (heard) => packetFor(heard, { questions: [heard.question, heard.question] }),
    'no question': (heard) => packetFor(heard, { questions: [] }),
    'no answer at all': (heard) => {
      const packet = packetFor(heard);
      packet.writeUInt8(packet.readUInt8(2) & 0x7f, 2);
      return packet;
    },
    'half a header': (heard) => good(heard).subarray(0, 11),
    nothing: () => Buffer.alloc(0),
  };
  test.each(Object.entries(strangers))('%s', async (_, stranger) => {
    expect(await ask((heard) => [stranger(heard), good(heard)])).toMatchObject({
      kind: 'found',
      records: ['192.0.2.1'],
      asked: ['udp A example.test'],
    });
  });

  test.each(Object.entries(strangers))('%s alone ends as no answer', async (_, stranger) => {
    const found = await ask((heard) => [stranger(heard)], { seconds: 0.2 });
    expect(found).toMatchObject({ kind: 'failed', rcode: 'none', because: 'no answer within 0.2 s' });
    expect(found.asked).toEqual(['udp A example.test', 'udp A example.test']);
    expect(found.ms).toBeLessThan(5000);
  });

  test('the right answer from a port that was not asked', async () => {
    const thief = createSocket('udp4');
    const found = await ask(
      (heard) => {
        thief.send(good(heard), heard.port, '127.0.0.1');
        return [];
      },
      { seconds: 0.2 },
    );
    thief.close();
    expect(found).toMatchObject({ kind: 'failed', because: 'no answer within 0.2 s' });
  });
});

describe('a hostile server', () => {
  const long = (heard: Heard, text: string) =>
    packetFor(heard, { answers: [{ type: 'TXT', name: 'example.test', data: text.match(/.{1,200}/gs) ?? [] }] });

  test('cuts its answer off, and is asked by TCP', async () => {
    await using dns = await startHostileDns((heard) =>
      heard.over === 'udp' ? [packetFor(heard, { flags: TRUNCATED_RESPONSE })] : [long(heard, 'x'.repeat(10_000))],
    );
    expect(await clientOf(dns.server).ask('example.test', 'TXT')).toMatchObject({ records: ['x'.repeat(10_000)] });
    expect(dns.asked).toEqual(['udp TXT example.test', 'tcp TXT example.test']);
  });

  test.each<[string, (heard: Heard) => readonly Buffer[], string]>([
    ['for ever', (heard) => [packetFor(heard, { flags: TRUNCATED_RESPONSE })], 'the answer could not be read'],
    ['and says another id by TCP', (heard) => [packetFor(heard, { id: heard.id ^ 1 })], 'the answer could not be read'],
    ['and says nothing by TCP', () => [], 'no answer within 0.3 s'],
    ['and says half of it by TCP', (heard) => [packetFor(heard).subarray(0, 0)], 'the answer could not be read'],
  ])('cuts its answer off %s', async (_, byTcp, because) => {
    const found = await ask(
      (heard) => (heard.over === 'tcp' ? byTcp(heard) : [packetFor(heard, { flags: TRUNCATED_RESPONSE })]),
      { seconds: 0.3 },
    );
    expect(found).toMatchObject({ kind: 'failed', because });
  });

  test('has more records than are read, which is said', async () => {
    await using dns = await startHostileDns((heard) =>
      heard.over === 'udp'
        ? [packetFor(heard, { flags: TRUNCATED_RESPONSE })]
        : [
            packetFor(heard, {
              answers: Array.from({ length: 400 }, (_, at) => mx('example.test', at, `mx${at}.example.test`)),
            }),
          ],
    );
    const { kind, records, because } = await clientOf(dns.server).ask('example.test', 'MX');
    expect([kind, records.length, because]).toEqual(['found', maxRecords, '300 of 400 records are read']);
  });

  test('leads in a circle', async () => {
    const circle = await ask((heard) => [
      packetFor(heard, { answers: [cname('example.test', 'b.test'), cname('b.test', 'example.test')] }),
    ]);
    expect(circle).toMatchObject({ kind: 'no-data', because: 'its aliases lead in a circle', aliases: ['b.test'] });
    const stepwise = await ask((heard) => [
      packetFor(heard, {
        answers: [heard.question.name === 'b.test' ? cname('b.test', 'example.test') : cname('example.test', 'b.test')],
      }),
    ]);
    expect(stepwise).toMatchObject({ kind: 'no-data', because: 'its aliases lead in a circle', aliases: ['b.test'] });
  });

  test('leads ever on', async () => {
    const found = await ask((heard) => [
      packetFor(heard, { answers: [cname(heard.question.name, `x${heard.question.name}`)] }),
    ]);
    expect(found).toMatchObject({ kind: 'failed', because: `more than ${maxAliases} aliases, one after the other` });
    expect(found.asked).toHaveLength(maxAliases + 1);
  });

  test('answers for names that nobody asked for', async () => {
    const found = await ask((heard) => [
      packetFor(heard, { answers: [a('other.test'), cname('more.test', 'x.test')] }),
    ]);
    expect(found).toMatchObject({ kind: 'failed', because: 'the answer is about other names', records: [] });
  });

  test('has a pointer to itself for a name', async () => {
    const found = await ask((heard) => {
      const packet = packetFor(heard, { answers: [a('')] });
      // The owner, which is the root in one octet, becomes a pointer to where it stands.
      const at = packet.length - 15;
      return [Buffer.concat([packet.subarray(0, at), Buffer.from([0xc0, at]), packet.subarray(at + 1)])];
    });
    expect(found).toMatchObject({ kind: 'failed', because: 'the answer could not be read' });
  });

  test.each([`${'x'.repeat(64)}.test`, 'a..test', '.test', `${'a.'.repeat(130)}test`, '\ud800.test', 'x'.repeat(300)])(
    'is not asked for a name that DNS cannot hold: %s',
    async (name) => {
      const found = await ask(() => [], { name });
      expect(found).toMatchObject({ kind: 'no-name', rcode: 'none', because: 'DNS can hold no such name', asked: [] });
    },
  );

  test.each(['_25._tcp.mx.test', 'a\x1b[31m.test', 'bücher.test', 'a b.test', '-x-.test', '', 'x\u0000.test'])(
    'is asked for any other: %j',
    async (name) => {
      const found = await ask((heard) => [packetFor(heard, { answers: [a(heard.question.name)] })], { name });
      expect(found).toMatchObject({ kind: 'found', records: ['192.0.2.1'] });
    },
  );
});

describe('SERVFAIL', () => {
  const servfail = (heard: Heard) => packetFor(heard, { rcode: 2 });
  const good = (heard: Heard) => packetFor(heard, { answers: [a('example.test')] });

  test('that goes away with checking is bogus, with what comes then', async () => {
    const found = await ask((heard) => [heard.isUnchecked ? good(heard) : servfail(heard)]);
    expect(found).toMatchObject({ kind: 'bogus', rcode: 'BOGUS', records: ['192.0.2.1'], secure: false });
    expect(found.asked).toEqual(['udp A example.test', 'udp A example.test CD', 'udp A example.test']);
  });

  test('that checking has nothing to do with is a failure', async () => {
    const found = await ask((heard) => [servfail(heard)]);
    expect(found).toMatchObject({ kind: 'failed', rcode: 'SERVFAIL', because: 'the server answered SERVFAIL' });
  });

  test('that passes by itself is neither', async () => {
    const found = await ask((heard) => [heard.before === 0 ? servfail(heard) : good(heard)]);
    expect(found).toMatchObject({ kind: 'found', rcode: 'NOERROR' });
  });

  test('and silence with checking disabled is a failure', async () => {
    const found = await ask((heard) => (heard.isUnchecked ? [] : [servfail(heard)]), { seconds: 0.3 });
    expect(found).toMatchObject({ kind: 'failed', rcode: 'SERVFAIL' });
  });
});

describe('a client', () => {
  test('asks each question once, whatever its letters', async () => {
    await using dns = await startHostileDns((heard) => [packetFor(heard, { answers: [a('example.test')] })]);
    const client = clientOf(dns.server);
    await Promise.all([client.ask('example.test', 'A'), client.ask('Example.TEST.', 'A')]);
    await client.ask('example.test', 'A');
    expect(dns.asked).toEqual(['udp A example.test']);
  });

  test('has lost the first datagram: it sends another', async () => {
    const found = await ask(
      (heard) => (heard.before === 0 ? [] : [packetFor(heard, { answers: [a('example.test')] })]),
      {
        seconds: 0.4,
      },
    );
    expect(found).toMatchObject({ kind: 'found' });
  });

  test('asks with RD, AD and DO', async () => {
    let asked: Heard | undefined;
    await ask((heard) => {
      asked = heard;
      return [packetFor(heard)];
    });
    expect(asked?.packet).toMatchObject({ flag_rd: true, flag_ad: true, flag_cd: false });
    expect(asked?.packet.additionals).toMatchObject([{ type: 'OPT', udpPayloadSize: 1232, flag_do: true }]);
  });
});

describe('of several servers', () => {
  const good: Behaviour = (heard) => [packetFor(heard, { answers: [a('example.test')] })];
  const askBoth = async (first: Behaviour, second: Behaviour, seconds = 5) => {
    await using one = await startHostileDns(first);
    await using two = await startHostileDns(second);
    const servers = [one.server, two.server].map(dnsServerOf);
    const said = await askServers(servers, { name: 'example.test', type: 'A' }, seconds);
    return { said, asked: [one.asked.length, two.asked.length] };
  };

  test('the second is left alone where the first answers', async () => {
    expect(await askBoth(good, () => [])).toMatchObject({ said: { kind: 'message' }, asked: [1, 0] });
  });

  test.each<[string, Behaviour]>([
    ['refuses', (heard) => [packetFor(heard, { rcode: 5 })]],
    ['fails', (heard) => [packetFor(heard, { rcode: 2 })]],
    [
      'talks rubbish',
      (heard) => [Buffer.concat([packetFor(heard).subarray(0, 6), Buffer.from([255, 255, 0, 0, 0, 0])])],
    ],
    ['is silent', () => []],
  ])('the second is asked where the first %s', async (_, first) => {
    expect(await askBoth(first, good, 1)).toMatchObject({ said: { kind: 'message' } });
  });

  test('the worst that is known of any is said where none answers', async () => {
    const { said } = await askBoth(
      () => [],
      (heard) => [packetFor(heard, { rcode: 5 })],
      0.2,
    );
    expect(said).toEqual({ kind: 'failed', rcode: 'REFUSED', because: 'the server answered REFUSED' });
  });
});

test.each([
  ['192.0.2.1', { address: '192.0.2.1', port: 53 }],
  ['192.0.2.1:5353', { address: '192.0.2.1', port: 5353 }],
  ['2001:db8::1', { address: '2001:db8::1', port: 53 }],
  ['[2001:db8::1]:5353', { address: '2001:db8::1', port: 5353 }],
  ['fe80::1%eth0', { address: 'fe80::1%eth0', port: 53 }],
  ['[fe80::1%eth0]:5353', { address: 'fe80::1%eth0', port: 5353 }],
])('server %s', (text, server) => {
  expect(dnsServerOf(text)).toEqual(server);
});

// What is sent to 0.0.0.0 comes to this machine, and yet it is no loopback address.
test('AD of a server beyond loopback counts where the user trusts it', async () => {
  await using dns = await startHostileDns((heard) => [packetFor(heard, { flags: AUTHENTIC_DATA })]);
  const elsewhere = dns.server.replace('127.0.0.1', '0.0.0.0');
  const secure = async (isTrusted: boolean) =>
    (await dnsClient({ server: elsewhere, isTrusted, timeoutSeconds: 5 }).ask('example.test', 'A')).secure;
  expect([await secure(false), await secure(true)]).toEqual([null, true]);
});

test('whoever is stopped waits no longer, and asks no more', async () => {
  await using dns = await startHostileDns(() => []);
  const stop = new AbortController();
  const client = dnsClient({ server: dns.server, isTrusted: false, timeoutSeconds: 10, signal: stop.signal });
  const began = performance.now();
  const open = client.ask('example.test', 'MX');
  setTimeout(() => stop.abort(), 100);
  expect(await open).toMatchObject({ kind: 'failed', because: 'the scan was stopped' });
  expect(await client.ask('example.test', 'A')).toMatchObject({ kind: 'failed', because: 'the scan was stopped' });
  expect(performance.now() - began).toBeLessThan(2000);
  expect(dns.asked).toEqual(['udp MX example.test']);
});
