import { describe, expect, test } from 'vitest';
import { relayProof } from '../../probes/relay-proof.ts';
import { withOther } from '../../src/kit/proof/relayed-recipient.ts';
import type { RelayProof, Sent } from '../../src/kit/proof/sent.ts';
import type { Arrival } from '../../src/model/arrival.ts';
import type { SinkSource } from '../../src/model/receiving.ts';
import { trouble } from '../../src/model/trouble.ts';
import { startSink } from '../../src/proof/sink.ts';
import { makeToken } from '../../src/proof/token.ts';
import { type Fate, relayingServer } from '../fakes/relaying-server.ts';
import { findingOf, scanServer } from '../fakes/scan-server.ts';
import { exchange } from '../unit/kit/replies.ts';
import { judge } from './judged.ts';

const helo = 'probe.scanner.test';
const at = (quote: string) => ({ session: 's1', event: 9, quote });
const arrival: Arrival = {
  at: '2026-01-01T00:00:00.000Z',
  peer: '192.0.2.25',
  helo: 'mx.example.test',
  sender: 'a@sink.example.net',
  recipient: 'b@sink.example.net',
  tls: null,
  received: [`from ${helo} (unknown [198.51.100.7]) by mx.example.test (Postfix) with ESMTP id 68A932A0061`],
  authentication: [],
};
const came = { arrival, seconds: 2.5, at: at(`Received: ${arrival.received[0]}`) };
const handed = (end: string | null, rcpt = '250 2.1.5 Ok') => ({
  mail: exchange('MAIL FROM:<a>', '250 2.1.0 Ok'),
  rcpt: exchange('RCPT TO:<b>', rcpt),
  data: end === null ? null : exchange('DATA', '354 go on'),
  end: end === null ? null : exchange('(a message)', end),
  cut: null,
});
const queued = handed('250 2.0.0 Ok: queued as 68A932A0061');
const sent = (more: Partial<Sent> = {}): Sent => ({
  ...{ form: 'outside>plain', sender: 'a', recipient: 'b', handed: queued, came: null, bounced: null },
  ...more,
});
const data = (more: Partial<RelayProof> = {}): RelayProof => ({
  receiver: 'the sink of sink.example.net',
  accepted: ['outside>plain'],
  controlFailed: null,
  sent: [sent()],
  waitedSeconds: 600,
  helo,
  vantage: 'outside',
  plainRefused: false,
  ...more,
});

describe('relay-proof judges', () => {
  test.each<[string, Partial<RelayProof>, string]>([
    ['a message that came out', { sent: [sent({ came })] }, 'fail'],
    ['one of three that came out', { sent: [sent(), sent({ came }), sent()] }, 'fail'],
    ['from where it may be trusted', { sent: [sent({ came })], vantage: 'private' }, 'inconclusive(ambiguous)'],
    [
      'from there, where another is refused',
      { sent: [sent({ came })], vantage: 'private', plainRefused: true },
      'fail',
    ],
    ['a bounce', { sent: [sent({ bounced: came })] }, 'pass'],
    ['a bounce beside one that is lost', { sent: [sent({ bounced: came }), sent()] }, 'inconclusive(ambiguous)'],
    ['taken, and nothing', {}, 'inconclusive(ambiguous)'],
    ['refused at the end', { sent: [sent({ handed: handed('554 5.7.1 Relay access denied') })] }, 'pass'],
    ['refused at RCPT', { sent: [sent({ handed: handed(null, '550 5.7.1 Relay access denied') })] }, 'pass'],
    [
      'put off',
      { sent: [sent({ handed: handed('451 4.7.1 Greylisted, try again later') })] },
      'inconclusive(greylisted)',
    ],
    [
      'put off for relaying, for good',
      { sent: [sent({ handed: handed(null, '454 4.7.1 <b>: Relay access denied') })] },
      'pass',
    ],
    [
      'a limiter',
      { sent: [sent({ handed: handed('452 4.7.1 Error: too much mail from 192.0.2.1') })] },
      'inconclusive(throttled)',
    ],
    ['no sink', { receiver: null, sent: [] }, 'inconclusive(prerequisite)'],
    ['a control that is lost', { controlFailed: 'nothing listens', sent: [] }, 'inconclusive(prerequisite)'],
    ['nothing accepted', { accepted: [], sent: [], receiver: null }, 'not-applicable'],
    ['no form that can be written', { sent: [] }, 'inconclusive(ambiguous)'],
    [
      'a broken dialogue',
      {
        sent: [
          sent({ handed: { ...handed(null), cut: trouble('closed', 'hang-up', 'the server closed the connection') } }),
        ],
      },
      'inconclusive(closed)',
    ],
  ])('%s', (_, more, verdict) => {
    const judgement = judge(relayProof, data(more));
    const doubt = 'doubt' in judgement ? `(${judgement.doubt})` : '';
    expect(`${judgement.verdict}${doubt}`).toBe(verdict);
  });

  test('says which name and address it took us for', () => {
    expect(judge(relayProof, data({ sent: [sent({ came })] }))).toMatchObject({
      measured: {
        via: 'outside>plain',
        seconds: 2.5,
        seenAs: `${helo} (unknown [198.51.100.7])`,
        egress: '192.0.2.25',
      },
    });
  });

  test('names the message in the queue', () => {
    expect(judge(relayProof, data())).toMatchObject({ measured: { queueId: '68A932A0061' } });
  });
});

test.each([
  ['u@far', 'u@far', 't@sink'],
  ['u%far@own', 'u@far', 't%sink@own'],
  ['far!u@own', 'u@far', 'sink!t@own'],
  ['"u@far"@own', 'u@far', '"t@sink"@own'],
  ['u@far@own', 'u@far', 't@sink@own'],
  ['@own:u@far', 'u@far', '@own:t@sink'],
  ['u@own.far', 'u@far', null],
  ['own@far', 'u@far', null],
])('%s with another address outside is %s', (recipient, external, other) => {
  expect(withOther(recipient, external, 't@sink')).toBe(other);
});

const secret = 'a secret of the tests';

async function sinkSource() {
  const arrivals = new Map<string, Arrival>();
  const domain = 'sink.example.net';
  const running = await startSink({
    ...{ host: '127.0.0.1', port: 0, domain, secret, most: 20 },
    onMail: ({ token, ...mail }) => arrivals.set(token, mail),
  });
  const source: SinkSource = {
    shown: `the sink of ${domain}`,
    domain,
    mint: (about) => makeToken(secret, { about, at: new Date() }),
    at: { address: '127.0.0.1', port: running.port },
    arrivals: async () => arrivals,
  };
  return { source, arrivals, port: running.port, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

describe('relay-proof asks a server that', () => {
  test.each<[Fate, string, string, number]>([
    ['delivers', 'fail', 'Received: from probe.scanner.test (unknown [127.0.0.1]) by mx.example.test (Fake)', 1],
    ['delivers without trace', 'fail', 'from 127.0.0.1', 1],
    ['discards', 'inconclusive(ambiguous)', 'queued as 68A932A0061', 1],
    ['bounces', 'pass', 'from 127.0.0.1', 1],
    ['refuses at DATA', 'pass', '554 5.7.1 Relaying denied', 0],
    ['refuses at RCPT', 'pass', '550 5.7.1 Relay access denied', 0],
  ])('%s', async (fate, verdict, quote, least) => {
    await using sink = await sinkSource();
    await using server = await relayingServer(fate, () => sink.port);
    const report = await scanServer(server, {
      probes: ['relay-proof'],
      allow: 'intrusive',
      sink: sink.source,
      waitSeconds: 1,
    });
    const finding = findingOf(report, 'relay-proof');
    const doubt = finding.doubt === undefined ? '' : `(${finding.doubt})`;
    expect(`${finding.verdict}${doubt}: ${finding.because}`).toContain(verdict);
    expect(finding.evidence.map((cite) => cite.quote).join(' | ')).toContain(quote);
    expect(server.taken.length).toBeGreaterThanOrEqual(least);
    expect(server.taken.length).toBeLessThanOrEqual(3);
    expect(JSON.stringify(report)).not.toContain(secret);
    for (const { session, event, quote: text } of finding.evidence)
      expect(report.endpoints[0]?.sessions.find(({ id }) => id === session)?.events[event]?.text).toBe(text);
  });

  test('takes nothing for outside: no message is sent', async () => {
    await using sink = await sinkSource();
    const { mta } = await import('../fakes/scripted-server.ts');
    await using server = await mta().start();
    const report = await scanServer(server, { probes: ['relay-proof'], allow: 'intrusive', sink: sink.source });
    expect(findingOf(report, 'relay-proof').verdict).toBe('not-applicable');
    expect(server.commands.filter((command) => /^DATA/i.test(command))).toEqual([]);
    expect(sink.arrivals.size).toBe(0);
  });

  test('relays, and the sink is out of reach: no message is sent', async () => {
    await using sink = await sinkSource();
    await sink[Symbol.asyncDispose]();
    await using server = await relayingServer('delivers', () => sink.port);
    const report = await scanServer(server, { probes: ['relay-proof'], allow: 'intrusive', sink: sink.source });
    expect(findingOf(report, 'relay-proof')).toMatchObject({ verdict: 'inconclusive', doubt: 'prerequisite' });
    expect(server.taken).toEqual([]);
  });
});
