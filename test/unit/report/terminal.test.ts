import { describe, expect, test } from 'vitest';
import type { EndpointReport, Finding, TargetReport } from '../../../src/model/report.ts';
import { type TerminalOptions, toTerminal } from '../../../src/report/terminal.ts';
import { endpointReport, finding, report } from './handmade.ts';

const page = { width: 80, color: false, transcript: false };
const verbose = { ...page, detail: 'verbose' } as const;
const quiet = { ...page, detail: 'quiet' } as const;
const shown = (findings: readonly Finding[], parts: Partial<EndpointReport> = {}, options: TerminalOptions = page) =>
  toTerminal(report([endpointReport(findings, parts)]), options);
const cites = (quotes: readonly string[]) => quotes.map((quote) => ({ session: 's1', event: 0, quote }));
const fix = { postfix: ['postconf -e a=b'], exim: ['deny hosts = *'], sendmail: ['FEATURE(x)'] };

test('a whole report, worst first', () => {
  const findings = [
    finding('hello', 'pass', { because: 'it greets with 220 and answers EHLO' }),
    finding('vrfy', 'fail', { because: 'VRFY tells users from strangers' }),
    finding('open-relay', 'fail', {
      severity: 'critical',
      because: 'it accepts mail for outside from strangers',
      evidence: cites(['250 2.1.5 Ok', '250 2.1.5 Ok', '250 2.0.0 Queued']),
      measured: { accepted: ['plain', 'percent'], refused: [], tls: true },
      fix,
    }),
    finding('starttls-works', 'inconclusive', { doubt: 'throttled', because: 'the server had enough of us' }),
    finding('auth-on-mx', 'not-applicable'),
    finding('connection-rate', 'inconclusive', { doubt: 'not-permitted', because: 'needs --allow load' }),
    finding('error-limit', 'inconclusive', { doubt: 'not-permitted', because: 'needs --allow load' }),
  ];
  expect(shown(findings)).toMatchInlineSnapshot(`
    "mxprobe 0.1.0  1 target, 1 endpoint | allowed: active | EHLO scanner.example.net
      | 2026-01-02T03:04:05Z

    mx1.example.com/192.0.2.1:25  mx (takes mail from other servers, begins in
      clear) | Postfix (told by reply shapes)
      FAIL     open-relay [critical]  It accepts mail for outside from strangers.
               S: 250 2.1.5 Ok
               S: 250 2.0.0 Queued
               Fix for Postfix:
                 postconf -e a=b
      FAIL     vrfy [medium]  VRFY tells users from strangers.
               S: 220 mx1.example.com ESMTP
      UNKNOWN  starttls-works  the server had enough of us
               the server limits us: scan again later, or let it wait with
                 --patience 300
      pass     hello
      n/a      not applicable: auth-on-mx
      not run  needs --allow load: connection-rate, error-limit
      cost     3 connections, 61 commands, 950 bytes sent, 4.2 kB received, 0.31 s

    ! mx1.example.com/192.0.2.1:25 limits us: 1 question could not be answered for
      it; scan again later, or let it wait with --patience 300
    mx1.example.com/192.0.2.1:25  Postfix: 2 failures, 1 not told, 1 passed, 0.3 s
      critical  open-relay      It accepts mail for outside from strangers.
      medium    vrfy            VRFY tells users from strangers.
      not told  starttls-works  The server limits us: the server had enough of us;
                                scan again later, or let it wait with --patience
                                300.
    Not asked: 2 questions (needs --allow load).
    Exit code 1: something found at or above medium.
    "
  `);
});

describe('evidence', () => {
  test('is quoted four times at most, and the rest counted', () => {
    const text = shown(
      [finding('vrfy', 'fail', { evidence: cites(['1', '2', '3', '4', '5', '6', '6']) as never })],
      {},
      verbose,
    );
    expect(text).toContain('S: 4\n           and 3 more\n');
    expect(text).not.toContain('S: 5');
  });

  test('tells our own words from the server’s', () => {
    const text = shown([finding('vrfy', 'fail', { evidence: [{ session: 's1', event: 1, quote: 'VRFY root' }] })]);
    expect(text).toContain('C: VRFY root');
  });

  test('of a hostile server does no harm', () => {
    const quote = `220 \x1b]0;owned\x07\x1b[2J\u202e ${'x'.repeat(500)}`;
    const because = 'the banner is\r\n\x1b[31modd';
    const text = shown([finding('hello', 'fail', { because, evidence: cites([quote]) as never })], {
      host: '\x1b[2J',
      mta: { name: '\x1b[2J', version: null, by: null },
    });
    expect(text).not.toMatch(/[^\n\x20-\x7e]/);
    expect(text).toContain('220 \\x1b]0;owned\\x07\\x1b[2J\\u{202e}');
    expect(text).toMatch(/\[\.\.\. \d+ more\]/);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe('fix lines', () => {
  const relay = finding('open-relay', 'fail', { fix });

  test('are those of the server recognised', () => {
    const text = shown([relay]);
    expect(text).toContain('Fix for Postfix:\n             postconf -e a=b\n');
    expect(text).not.toContain('Exim');
  });

  test('are none where none was, but where they are to be had', () => {
    const text = shown([relay], { mta: { name: null, version: null, by: null } });
    expect(text).toContain('software not recognised');
    expect(text).not.toContain('postconf');
    expect(text).toContain('Fix: mxprobe probes open-relay --mta <name> (postfix, exim, sendmail)');
  });

  test('are never broken', () => {
    const line = `postconf -e '${'x'.repeat(120)} = y'`;
    expect(shown([finding('open-relay', 'fail', { fix: { postfix: [line] } })])).toContain(`             ${line}\n`);
  });
});

describe('what could not be told', () => {
  test('is told once where one trouble left several questions open, with the way out', () => {
    const because = 'nothing within 15000 ms';
    const text = shown([
      finding('hello', 'inconclusive', { doubt: 'timeout', because }),
      finding('vrfy', 'inconclusive', { doubt: 'timeout', because }),
      finding('expn', 'pass'),
    ]);
    expect(text).toContain('UNKNOWN  hello, vrfy\n');
    expect(text.match(/nothing within/g)).toHaveLength(2);
    expect(text).toMatch(/ {2}not told {2}hello {2}With vrfy: no answer in time: nothing within/);
    expect(text).toContain('no answer in time: give it longer with --timeout');
  });

  test('comes after what failed and before what passed', () => {
    const text = shown([finding('a', 'pass'), finding('b', 'inconclusive', { doubt: 'closed' }), finding('c', 'fail')]);
    expect(text.match(/FAIL|UNKNOWN|pass {2}/g)).toEqual(['FAIL', 'UNKNOWN', 'pass  ']);
  });
});

describe('the ending', () => {
  test('names targets that led nowhere, and why', () => {
    const nowhere: TargetReport = {
      input: 'example.org',
      kind: 'domain',
      endpoints: [],
      notes: ['null MX (RFC 7505)'],
    };
    const text = toTerminal(report([], [nowhere]), page);
    expect(text).toContain('! example.org led to no server: null MX (RFC 7505)');
    expect(text).toContain('Exit code 2: nothing found at or above medium, but not everything could be told.');
  });

  test('says that the server limits us', () => {
    const cut = finding('vrfy', 'inconclusive', { doubt: 'throttled', because: '421' });
    const top = shown([cut, { ...cut, probe: 'expn' }, finding('hello', 'pass')]);
    expect(top).toContain('! mx1.example.com/192.0.2.1:25 limits us: 2 questions could not be answered');
  });

  test('owns up to an error of ours', () => {
    const text = shown([finding('vrfy', 'error', { because: 'x is not a function' })]);
    expect(text).toContain('! 1 probe broke down for a bug of ours');
    expect(text).toContain('ERROR    vrfy [a bug of ours]  x is not a function');
    expect(text).toContain('Exit code 3');
  });
});

test('a long list of shapes is cut', () => {
  const accepted = Array.from({ length: 24 }, (_, index) => `shape-${index}`);
  expect(shown([finding('open-relay', 'fail', { measured: { accepted } })], {}, { ...verbose, width: 200 })).toContain(
    'accepted (24): shape-0, shape-1, shape-2, shape-3, shape-4, shape-5, shape-6, shape-7 and 16 more\n',
  );
});

test('what several endpoints cost is added up', () => {
  const text = toTerminal(report([endpointReport([]), endpointReport([], { id: 'mx2' })]), page);
  expect(text).toContain('In all: 6 connections, 122 commands, 1.9 kB sent, 8.4 kB received, 1.50 s');
});

test('the transcript shows every line with its number, time, TLS and side', () => {
  const text = shown([finding('hello', 'pass')], {}, { ...page, transcript: true });
  expect(text).toContain('      [hello]\n      #0      0.004   S: 220 mx1.example.com ESMTP\n');
  expect(text).toContain(
    '      #2      0.210   -- TLSv1.3 handshake done\n      #3      0.250 * C: EHLO scanner.example.net\n',
  );
  expect(text).toContain('s1 #0 S: 220 mx1');
});

test('colours only when asked for', () => {
  const findings = [finding('open-relay', 'fail'), finding('hello', 'pass')];
  expect(shown(findings)).not.toContain('\x1b');
  expect(shown(findings, {}, { ...page, color: true })).toContain('\x1b[1;31mFAIL');
});

test('what the policy says of a finding stands with it, and first where it changes what the report is worth', () => {
  const by = { until: '2026-01-31', reason: 'agreed with the helpdesk' };
  const text = shown([
    finding('vrfy', 'fail', { waived: by }),
    finding('expn', 'fail', { waiverOver: by }),
    finding('open-relay', 'inconclusive', { doubt: 'timeout', mustTell: true }),
    finding('postmaster', 'inconclusive', { doubt: 'timeout', because: 'open-relay is inconclusive' }),
  ]);
  expect(text).toContain('Vrfy is fail.\n           Waived until 2026-01-31: agreed with the helpdesk\n');
  expect(text).toContain('Expn is fail.\n           Waiver of 2026-01-31 is over: agreed with the helpdesk\n');
  expect(text).toContain('The policy wants this told.');
  expect(text).toContain('UNKNOWN  postmaster');
  const top = text.slice(text.lastIndexOf('\n\n'));
  expect(top.replace(/\s+/g, ' ')).toContain('wants open-relay told, and it could not be: that counts as a finding');
  expect(top.replace(/\s+/g, ' ')).toContain('the waiver of expn ended on 2026-01-31: it counts again');
  expect(text).toContain('Exit code 1: something found at or above medium.');
});

test('an exit code for a doubt that must not be says so', () => {
  const text = shown([finding('open-relay', 'inconclusive', { doubt: 'timeout', mustTell: true })]);
  expect(text.replace(/\s+/g, ' ')).toContain(
    'Exit code 1: nothing found at or above medium, but something that the policy wants told could not be told.',
  );
});

test('words and colours go by weight, and a note is no failure', () => {
  const findings = (['critical', 'high', 'medium', 'low', 'info'] as const).map((severity) =>
    finding(`of-${severity}`, 'fail', { severity }),
  );
  const text = shown(findings, {}, { ...page, color: true });
  const painted = [...text.matchAll(/\x1b\[([\d;]+)m(FAIL|WARN|note|critical|high|medium|warning) *\x1b/g)];
  expect(painted.map(([, code, word]) => `${code} ${word}`)).toEqual(
    [
      ['1;97;41 FAIL', '1;31 FAIL', '1;31 FAIL', '33 WARN', '36 note'],
      ['1;97;41 critical', '1;31 high', '1;31 medium', '33 warning', '36 note'],
    ].flat(),
  );
  expect(shown(findings)).toContain('Postfix: 3 failures, 1 warning, 1 note, 0 passed');
});

test('a finding shows its headline, the lines that prove it in order, and the likely cause', () => {
  const lines = [
    ['them', '220 mx'],
    ['us', 'EHLO a.example'],
    ['them', '250-mx'],
    ['them', '250 PIPELINING'],
    ['us', 'MAIL FROM:<user@example.com>'],
    ['us', 'RCPT TO:<somebody@example.net>'],
    ['us', 'RCPT TO:<nobody@example.com>'],
    ['them', '250 sender ok'],
    ['them', '250 recipient ok'],
    ['them', '550 no such user'],
  ] as const;
  const events = lines.map(([from, text], at) => ({ at, from, text, tls: false, probe: 'open-relay' }));
  const parts = { sessions: [{ id: 's2', events }] };
  const relay = finding('open-relay', 'fail', {
    severity: 'critical',
    because: 'it accepts mail for outside in 1 of 38 forms',
    headline: 'Strangers can send mail through it',
    likely: 'a rule trusts the sender',
    evidence: [
      { session: 's2', event: 8, quote: '250 recipient ok' },
      { session: 's2', event: 9, quote: '550 no such user' },
    ],
    measured: { acceptsEverything: false },
  });
  const text = shown([relay], parts);
  expect(text).toContain(`  FAIL     open-relay [critical]  Strangers can send mail through it.
           C: MAIL FROM:<user@example.com>
           C: RCPT TO:<somebody@example.net>
           S: 250 recipient ok
           C: RCPT TO:<nobody@example.com>
           S: 550 no such user
           Likely cause: a rule trusts the sender.
`);
  expect(text).not.toContain('acceptsEverything');
  expect(shown([relay], parts, verbose)).toContain('acceptsEverything: false');
  expect(shown([relay], parts, verbose)).toContain('1 of 38 forms');
});

test('quietly, the ending alone: endpoints, findings in a line each, doubts, and the command that shows more', () => {
  const findings = [
    finding('vrfy', 'fail', { headline: 'VRFY tells anybody which users exist' }),
    finding('postmaster', 'fail', { severity: 'info' }),
    finding('expn', 'inconclusive', { doubt: 'closed', because: 'it hung up' }),
    finding('error-limit', 'inconclusive', { doubt: 'not-permitted', because: 'needs --allow load' }),
    finding('hello', 'pass'),
  ];
  const parts = { host: '192.0.2.1', id: '192.0.2.1/192.0.2.1:25' };
  expect(shown(findings, parts, { ...quiet, more: 'mxprobe scan example.com' })).toMatchInlineSnapshot(`
    "192.0.2.1:25  Postfix: 1 failure, 1 note, 1 not told, 1 passed, 0.3 s
      medium    vrfy        VRFY tells anybody which users exist.
      note      postmaster  Postmaster is fail.
      not told  expn        The server hung up: it hung up; --transcript shows what
                            came before.
    Not asked: 1 question (needs --allow load).
    Exit code 1: something found at or above medium.
    More: mxprobe scan example.com
    "
  `);
});

test('an endpoint where nothing answers takes one line, and a refused connection is no filter', () => {
  const down = ['hello', 'reachable', 'vrfy'].map((probe) =>
    finding(probe, 'inconclusive', { doubt: 'unreachable', cause: 'refused', because: `${probe}: ECONNREFUSED` }),
  );
  const text = shown(down);
  expect(text.match(/mx1\.example/g)).toHaveLength(1);
  expect(text.replace(/\s+/g, ' ')).toContain('connection refused: nothing listens on that port there');
  expect(text).not.toContain('provider');
  expect(shown(down.map((one) => ({ ...one, cause: 'filtered' as const })))).toContain('provider');
});

test('a scan that was stopped says that it is partial', () => {
  const text = toTerminal({ ...report([endpointReport([finding('hello', 'pass')])]), stopped: true }, quiet);
  expect(text).toContain('! The scan was stopped before its end: this report is partial');
});

test('the same finding at several endpoints is one row', () => {
  const two = ['a.example', 'b.example'].map((host) =>
    endpointReport([finding('vrfy', 'fail', { headline: 'VRFY answers' })], { id: `${host}/192.0.2.1:25` }),
  );
  const text = toTerminal(report(two), quiet);
  expect(text.match(/VRFY answers/g)).toHaveLength(1);
  expect(text.replace(/\s+/g, ' ')).toContain('VRFY answers. (a.example/192.0.2.1:25, b.example/192.0.2.1:25)');
});
