import { type Answer, TRUNCATED_RESPONSE } from 'dns-packet';
import { describe, expect, test } from 'vitest';
import { defaultRestraint, parseTarget, type Report, scan } from '../../src/index.ts';
import { mta } from '../fakes/scripted-server.ts';
import { type Behaviour, type Heard, packetFor, startHostileDns } from '../support/hostile-dns.ts';

const restraint = {
  ...defaultRestraint,
  replySeconds: 0.5,
  handshakeSeconds: 0.5,
  dialogueSeconds: 3,
  quitSeconds: 0.2,
};

/** Scans `example.test`, whose DNS behaves like this; MX hosts are looked for at `port` of loopback. */
async function look(behave: Behaviour, port = 9): Promise<{ report: Report; asked: readonly string[]; ms: number }> {
  await using dns = await startHostileDns(behave);
  const target = parseTarget('example.test');
  if (target.kind === 'bad') throw new Error(target.problem);
  const began = performance.now();
  const report = await scan([target], {
    helo: 'probe.scanner.test',
    dns: dns.server,
    ports: [port],
    allow: 'passive',
    private: true,
    restraint,
  });
  return { report, asked: dns.asked, ms: performance.now() - began };
}

const a = (name: string, data = '127.0.0.1'): Answer => ({ type: 'A', name, ttl: 1, data });
const mx = (name: string, preference: number, exchange: string): Answer => ({
  type: 'MX',
  name,
  ttl: 1,
  data: { preference, exchange },
});

/** What a small and honest zone answers. */
function honest(heard: Heard): Buffer {
  const { name, type } = heard.question;
  if (name === 'example.test' && type === 'MX') return packetFor(heard, { answers: [mx(name, 10, 'mx.example.test')] });
  if (name === 'mx.example.test' && type === 'A') return packetFor(heard, { answers: [a(name)] });
  return packetFor(heard, { rcode: name.endsWith('example.test') ? 0 : 3 });
}

describe.concurrent('a hostile DNS', () => {
  const long = 'x'.repeat(200);
  const hostile: Readonly<Record<string, Behaviour>> = {
    'is silent': () => [],
    'answers with other ids': (heard) => [packetFor(heard, { id: heard.id ^ 0xff })],
    'answers other questions': (heard) => [packetFor(heard, { questions: [{ type: 'A', name: 'other.test' }] })],
    'cuts all answers off, by TCP too': (heard) => [packetFor(heard, { flags: TRUNCATED_RESPONSE })],
    'sends half of each answer': (heard) => [honest(heard).subarray(0, -3)],
    'sends rubbish': () => [Buffer.alloc(500, 0xc0)],
    'says SERVFAIL to all': (heard) => [packetFor(heard, { rcode: 2 })],
    'leads each name to another': (heard) => [
      packetFor(heard, {
        answers: [{ type: 'CNAME', name: heard.question.name, ttl: 1, data: `a.${heard.question.name}` }],
      }),
    ],
    'leads each name to itself': (heard) => [
      packetFor(heard, { answers: [{ type: 'CNAME', name: heard.question.name, ttl: 1, data: heard.question.name }] }),
    ],
    'has 300 MX': (heard) => {
      if (heard.question.type !== 'MX') return [honest(heard)];
      if (heard.over === 'udp') return [packetFor(heard, { flags: TRUNCATED_RESPONSE })];
      const answers = Array.from({ length: 300 }, (_, at) => mx('example.test', at, `mx${at}.example.test`));
      return [packetFor(heard, { answers })];
    },
    'has 10 kB in each TXT': (heard) => {
      if (heard.question.type !== 'TXT') return [honest(heard)];
      if (heard.over === 'udp') return [packetFor(heard, { flags: TRUNCATED_RESPONSE })];
      const data = Array(50).fill(`v=spf1 include:${long}.test ${long.slice(0, 20)}`);
      return [packetFor(heard, { answers: [{ type: 'TXT', name: heard.question.name, ttl: 1, data }] })];
    },
  };

  test.each(Object.entries(hostile))(
    'that %s ends in time, with no error of ours and nothing made up',
    async (what, behave) => {
      const { report, ms } = await look(behave);
      const findings = report.targets[0]?.findings ?? [];
      expect(findings.length).toBeGreaterThan(5);
      expect(
        findings.filter(({ verdict }) => verdict === 'error').map(({ probe, because }) => `${probe}: ${because}`),
      ).toEqual([]);
      expect(report.summary.exitCode).not.toBe(0);
      expect(ms).toBeLessThan(60_000);
      const tells = ['leads each name to another', 'has 300 MX', 'has 10 kB in each TXT', 'leads each name to itself'];
      if (!tells.includes(what)) expect(findings.filter(({ verdict }) => verdict === 'pass')).toEqual([]);
    },
  );
});

test('an address that was checked is the one that is connected to: the name is not asked again', async () => {
  await using server = await mta().start();
  let asked = 0;
  const { report, asked: questions } = await look((heard) => {
    const isAddress = heard.question.name === 'mx.example.test' && heard.question.type === 'A';
    if (isAddress) asked += 1;
    return [
      isAddress && asked > 1 ? packetFor(heard, { answers: [a('mx.example.test', '127.0.0.99')] }) : honest(heard),
    ];
  }, server.port);
  expect(report.endpoints.map(({ id }) => id)).toEqual([`mx.example.test/127.0.0.1:${server.port}`]);
  expect(report.endpoints[0]?.findings.find(({ probe }) => probe === 'hello')).toMatchObject({ verdict: 'pass' });
  expect(asked).toBe(1);
  expect(questions.filter((question, at) => questions.indexOf(question) !== at)).toEqual([]);
});
