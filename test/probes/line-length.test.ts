import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { lineLength } from '../../probes/line-length.ts';
import { rawServer } from '../fakes/raw-server.ts';
import { findingOf, scanServer } from '../fakes/scan-server.ts';
import { mta } from '../fakes/scripted-server.ts';
import { aftermath } from '../unit/kit/aftermath.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';
import { judge, said } from './judged.ts';

const ok = '250 OK';
const no = '500 unrecognized command';
const greeting = replyFrom('220 mx.example.test ESMTP');
const fine = { octets: 512, greeting, line: aftermath([ok]), noop: aftermath([ok]) };
const long = (line: object, noop: object) => ({ lines: [fine, { octets: 70_000, greeting, line, noop }] });

describe('line-length judges', () => {
  test.each<[string, object, string, object]>([
    ['taken whole, or its rest thrown away', long(aftermath([ok]), aftermath([ok])), 'pass', { longestTaken: 70_000 }],
    [
      'refused, goes on',
      long(aftermath(['500 Error: line too long']), aftermath([ok])),
      'pass',
      { refusedFrom: 70_000, longestTaken: 512 },
    ],
    [
      'refused, by a server without NOOP',
      long(aftermath(['500 Error: line too long']), aftermath(['502 no NOOP'])),
      'pass',
      {},
    ],
    [
      'refused and closed',
      long(aftermath(['421 4.7.0 mx Command too long, possible attack'], 'hang-up'), aftermath([], 'hang-up')),
      'pass',
      {},
    ],
    [
      'refused with two replies',
      long(aftermath(['521 Command line too long']), aftermath(['421 bye'], 'hang-up')),
      'pass',
      {},
    ],
    ['reset without a word', long(aftermath([], 'reset'), aftermath([], 'reset')), 'pass', { refusedFrom: 70_000 }],
    [
      'run as commands, then hung up',
      long(aftermath([no]), aftermath([no, no, '500 Too many unrecognized commands'], 'hang-up')),
      'fail',
      { runFrom: 70_000 },
    ],
    ['cut, and the rest run', long(aftermath([ok]), aftermath([no, no, ok])), 'fail', { runFrom: 70_000 }],
    ['silence', long(aftermath([]), aftermath([])), 'inconclusive(ambiguous)', {}],
    ['answered once to both', long(aftermath([]), aftermath([ok])), 'inconclusive(ambiguous)', {}],
  ])('%s', (_, observed, verdict, measured) => {
    const judgement = judge(lineLength, observed, { hello: {} });
    expect(said(judgement)).toBe(verdict);
    expect(judgement).toMatchObject({ measured });
  });
});

const scanned = async (server: { readonly port: number } & AsyncDisposable) => {
  await using running = server;
  const report = await scanServer(running, { probes: ['line-length'], allow: 'intrusive', authorized: true });
  return findingOf(report, 'line-length');
};

/** Reads at most so many octets as a line; `drops`: the rest of it goes away with it. */
const buffered = (size: number, { drops = false } = {}) =>
  rawServer((socket: Socket) => {
    let heard = '';
    let isDropping = false;
    const take = (): string | null => {
      const at = heard.indexOf('\n');
      if (at < 0 && heard.length < size) return null;
      const end = at >= 0 && at < size ? at + 1 : size;
      const line = heard.slice(0, end);
      heard = heard.slice(end);
      return line;
    };
    socket.write('220 mx.example.test\r\n');
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      for (let line = take(); line !== null; line = take()) {
        const isRest = isDropping;
        isDropping = drops && !line.endsWith('\n');
        if (isRest) continue;
        socket.write(/^(EHLO|NOOP)/.test(line) ? '250 ok\r\n' : line.startsWith('QUIT') ? '221 bye\r\n' : `${no}\r\n`);
      }
    });
  });

describe('line-length asks', () => {
  test('a server that reads on in the middle of a line, and its twin that throws the rest away', async () => {
    expect(await scanned(await buffered(1024))).toMatchObject({
      verdict: 'fail',
      severity: 'medium',
      measured: { longestTaken: 600, runFrom: 1100 },
      evidence: [{ quote: '250 ok' }, { quote: no }, { quote: '250 ok' }],
    });
    expect(await scanned(await buffered(1024, { drops: true }))).toMatchObject({
      verdict: 'pass',
      measured: { longestTaken: 70_000, runFrom: null },
    });
  });

  test('one that takes any line, and one that hangs up on long ones', async () => {
    expect((await scanned(await mta().start())).verdict).toBe('pass');
    const strict = mta().on('NOOP', ({ argument }) =>
      argument.length > 600 ? { say: '421 too long', and: 'hang up' } : undefined,
    );
    expect(await scanned(await strict.start())).toMatchObject({ verdict: 'pass', measured: { refusedFrom: 1100 } });
  });
});
