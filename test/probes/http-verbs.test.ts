import { describe, expect, test } from 'vitest';
import { httpVerbs } from '../../probes/http-verbs.ts';
import { rawServer } from '../fakes/raw-server.ts';
import { findingOf, scanServer } from '../fakes/scan-server.ts';
import { mta } from '../fakes/scripted-server.ts';
import { aftermath } from '../unit/kit/aftermath.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';
import { judge, said } from './judged.ts';

const greeting = replyFrom('220 mx.example.test ESMTP');
const no = '500 unrecognized command';
const ok = '250 OK';
const all = (request: object, noop: object | null) => ({
  asked: ['GET', 'POST', 'CONNECT'].map((verb) => ({ verb, greeting, request, noop })),
});
const rules = '221 2.7.0 Error: I can break rules, too. Goodbye.';

describe('http-verbs judges', () => {
  test.each<[string, object, string, object]>([
    ['Postfix', all(aftermath([rules], 'hang-up'), null), 'pass', { cutOff: ['GET', 'POST', 'CONNECT'] }],
    ['Sendmail', all(aftermath(['421 4.7.0 mx Rejecting open proxy [192.0.2.1]'], 'hang-up'), null), 'pass', {}],
    ['Exim', all(aftermath([no, no, no]), aftermath([ok])), 'fail', { goesOn: ['GET', 'POST', 'CONNECT'] }],
    ['Exim of a stricter mind', all(aftermath([no, no, no]), aftermath([no], 'hang-up')), 'pass', {}],
    ['the answer to an empty line came late', all(aftermath([no, no]), aftermath([no, ok])), 'fail', {}],
    ['an end without a word', all(aftermath([], 'reset'), null), 'pass', {}],
    ['silence', all(aftermath([]), aftermath([])), 'inconclusive(ambiguous)', { cutOff: [], goesOn: [] }],
    [
      'a limiter',
      all(aftermath(['421 4.7.0 mx Error: too many connections from 192.0.2.1'], 'hang-up'), null),
      'inconclusive(ambiguous)',
      {},
    ],
    ['a goodbye to NOOP', all(aftermath([no, no, no]), aftermath([rules], 'hang-up')), 'pass', {}],
  ])('%s', (_, observed, verdict, measured) => {
    const judgement = judge(httpVerbs, observed, { hello: {} });
    expect(said(judgement)).toBe(verdict);
    expect(judgement).toMatchObject({ measured });
  });

  test('one verb of three is enough', () => {
    const [get] = all(aftermath([no, no, no]), aftermath([ok])).asked;
    const others = all(aftermath([rules], 'hang-up'), null).asked.slice(1);
    expect(judge(httpVerbs, { asked: [get, ...others] }, { hello: {} })).toMatchObject({
      verdict: 'fail',
      measured: { goesOn: ['GET'], cutOff: ['POST', 'CONNECT'] },
    });
  });
});

const scanned = async (server: { readonly port: number } & AsyncDisposable) => {
  await using running = server;
  const report = await scanServer(running, { probes: ['http-verbs'], allow: 'intrusive', authorized: true });
  return findingOf(report, 'http-verbs');
};

describe('http-verbs asks', () => {
  test('a server that goes on, and its twin that says goodbye', async () => {
    const flawed = await scanned(await mta().start());
    expect(flawed).toMatchObject({
      verdict: 'fail',
      severity: 'info',
      measured: { goesOn: ['GET', 'POST', 'CONNECT'] },
    });
    const clean = await mta()
      .on(['GET', 'POST', 'CONNECT'], () => ({ say: rules, and: 'hang up' }))
      .start();
    expect(await scanned(clean)).toMatchObject({ verdict: 'pass', measured: { goesOn: [] } });
  });

  test('one that answers no empty line, and goes on', async () => {
    const server = await rawServer((socket) => {
      socket.write('220 mx.example.test\r\n');
      socket.on('data', (chunk: Buffer) => {
        for (const line of chunk
          .toString()
          .split('\r\n')
          .filter((one) => one !== ''))
          socket.write(/^(EHLO|NOOP|QUIT)/.test(line) ? '250 ok\r\n' : '502 what\r\n');
      });
    });
    expect(await scanned(server)).toMatchObject({ verdict: 'fail' });
  });
});
