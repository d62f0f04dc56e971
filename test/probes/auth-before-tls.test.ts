import { describe, expect, test } from 'vitest';
import { authBeforeTls } from '../../probes/auth-before-tls.ts';
import { defaultPolicy } from '../../src/index.ts';
import { findingOf, scanServer } from '../fakes/scan-server.ts';
import { mta } from '../fakes/scripted-server.ts';
import { authMta, notEnabled, phaseOf, scanAuth, takes, unknownMechanism } from '../unit/kit/auth/auth-server.ts';

const bare = '250-mx\n250-PIPELINING\n250 STARTTLS';
const listing = (mechanisms: string) => `250-mx\n250-STARTTLS\n250 AUTH ${mechanisms}`;
const judge = (ehlo: string, answers: Record<string, string>) =>
  authBeforeTls.judge({ role: 'submission', kind: 'asked', phase: phaseOf(ehlo, answers) }, {}, defaultPolicy);

describe('judge', () => {
  test.each([
    ['PLAIN works', listing('PLAIN'), { PLAIN: '334 ' }, undefined, /^PLAIN works in clear$/],
    [
      'two work',
      listing('PLAIN LOGIN'),
      { PLAIN: '334 ', LOGIN: '334 x' },
      undefined,
      /PLAIN and LOGIN work in clear$/,
    ],
    ['hidden and working', bare, { PLAIN: '334 ' }, undefined, /does not list PLAIN/],
    ['a token', listing('XOAUTH2'), { XOAUTH2: '334 ' }, undefined, /XOAUTH2 works/],
    ['listed and refused', listing('PLAIN'), { PLAIN: '538 no' }, 'medium', /lists PLAIN in clear and refuses it/],
    ['the old spelling', '250-mx\n250 AUTH=LOGIN', { PLAIN: '504 no' }, 'medium', /lists LOGIN/],
    ['listed, back end down', listing('PLAIN'), { PLAIN: '454 4.7.0 Temporary failure' }, undefined, /cannot be said/],
    ['challenge only', listing('CRAM-MD5'), { PLAIN: '504 no', 'CRAM-MD5': '334 PA==' }, 'low', /CRAM-MD5/],
  ])('fail: %s', (_name, ehlo, answers, severity, because) => {
    const judgement = judge(ehlo, answers);
    expect(judgement.verdict).toBe('fail');
    expect(judgement.because).toMatch(because);
    expect('severity' in judgement ? judgement.severity : undefined).toBe(severity);
  });

  test.each([
    ['not enabled', notEnabled],
    ['STARTTLS first', '530 5.7.0 Must issue a STARTTLS command first'],
    ['encryption required', '538 5.7.11 Encryption required for requested authentication mechanism'],
    ['Dovecot', '523 5.7.10 Plaintext authentication disallowed on non-secure (SSL/TLS) connections.'],
    ['Postfix, unknown mechanism', '535 5.7.8 Error: authentication failed: Invalid authentication mechanism'],
  ])('pass, quoting: %s', (_name, refusal) => {
    const judgement = judge(bare, { PLAIN: refusal });
    expect(judgement).toMatchObject({ verdict: 'pass', evidence: [{ quote: refusal }, { quote: '250-mx' }] });
  });

  test.each([
    ['back end down', { PLAIN: '454 4.7.0 Temporary authentication failure: Connection lost' }, 'ambiguous'],
    ['limiter', { PLAIN: '450 4.7.1 Error: too many AUTH commands from 192.0.2.1' }, 'throttled'],
    ['blocked', { PLAIN: '503 5.7.0 Error: access denied for unknown[192.0.2.1]' }, 'client-blocked'],
    ['wants it in one line', { PLAIN: '501 5.5.4 Syntax: AUTH PLAIN response' }, 'ambiguous'],
    ['nothing tried', {}, 'ambiguous'],
  ] as const)('inconclusive: %s', (_name, answers, doubt) => {
    expect(judge(bare, answers)).toMatchObject({ verdict: 'inconclusive', doubt });
  });

  test('ANONYMOUS alone is no password', () => {
    const judgement = judge(listing('ANONYMOUS'), { ANONYMOUS: '334 ', PLAIN: '504 no' });
    expect(judgement.verdict).toBe('pass');
  });

  test('implicit TLS has no clear text', () => {
    const judgement = authBeforeTls.judge({ role: 'submissions', kind: 'implicit' }, {}, defaultPolicy);
    expect(judgement.verdict).toBe('not-applicable');
  });
});

describe('on the wire', () => {
  test('PLAIN in clear is found, its clean twin is not', async () => {
    await using flawed = await authMta({ list: { clear: ['AUTH PLAIN'] }, answer: takes('PLAIN') }).start();
    const finding = findingOf(await scanAuth(flawed, 'submission'), 'auth-before-tls');
    expect(finding).toMatchObject({ verdict: 'fail', measured: { before: ['PLAIN'], works: ['PLAIN'] } });

    await using clean = await authMta({
      list: { tls: ['AUTH PLAIN'] },
      answer: (mechanism, turn) => (turn.dialogue.tls ? takes('PLAIN')(mechanism, turn) : undefined),
    }).start();
    expect(findingOf(await scanAuth(clean, 'submission'), 'auth-before-tls').verdict).toBe('pass');
  });

  test('AUTH that is hidden and works is found', async () => {
    await using server = await authMta({ answer: takes('PLAIN', 'LOGIN') }).start();
    const finding = findingOf(await scanAuth(server, 'mx'), 'auth-before-tls');
    expect(finding).toMatchObject({
      verdict: 'fail',
      severity: 'high',
      measured: { before: [], works: ['PLAIN', 'LOGIN'] },
    });
  });

  test('"not enabled" is asked for once: Exim hangs up on the fourth', async () => {
    await using server = await authMta().start();
    await scanAuth(server, 'mx');
    for (const { commands } of server.connections) {
      expect(commands.filter((command) => command.startsWith('AUTH')).length).toBeLessThanOrEqual(2);
    }
    expect(server.commands.filter((command) => command.startsWith('AUTH'))).toEqual(['AUTH PLAIN', 'AUTH PLAIN']);
  });

  test('nothing that could be a response is sent: the way out is always *', async () => {
    await using server = await authMta({
      list: { clear: ['AUTH PLAIN LOGIN CRAM-MD5'], tls: ['AUTH PLAIN LOGIN CRAM-MD5'] },
      answer: takes('PLAIN', 'LOGIN', 'CRAM-MD5'),
    }).start();
    const report = await scanAuth(server, 'submission');
    for (const { commands } of server.connections) {
      for (const [index, command] of commands.entries()) {
        expect(command).not.toMatch(/^AUTH \S+ /);
        const answered =
          command.startsWith('AUTH') &&
          /PLAIN|LOGIN|CRAM/.test(command) &&
          commands[index - 1]?.startsWith('MAIL') !== true;
        if (answered) expect(commands[index + 1]).toBe('*');
      }
    }
    const ours = report.endpoints[0]?.sessions.flatMap(({ events }) => events.filter(({ from }) => from === 'us'));
    const odd = ours?.filter(({ text }) => !/^(EHLO|STARTTLS|AUTH [A-Z0-9-]+$|\*$|MAIL FROM|RSET|QUIT)/.test(text));
    expect(odd).toEqual([]);
  });

  test('a limiter is no refusal', async () => {
    await using server = await authMta({
      answer: () => '450 4.7.1 Error: too many AUTH commands from 127.0.0.1',
    }).start();
    const finding = findingOf(await scanAuth(server, 'submission'), 'auth-before-tls');
    expect(finding).toMatchObject({ verdict: 'inconclusive', doubt: 'throttled' });
  });

  test('a server that hangs up on AUTH has not refused it', async () => {
    await using server = await authMta({ answer: () => ({ and: 'hang up' }) }).start();
    const finding = findingOf(await scanAuth(server, 'submission'), 'auth-before-tls');
    expect(finding).toMatchObject({ verdict: 'inconclusive', doubt: 'closed' });
  });

  test('"538 encryption required" spares the other passwords, and not what is listed beside them', async () => {
    const answer = (mechanism: string) => (mechanism === 'CRAM-MD5' ? '334 PA==' : '538 5.7.11 Encryption required');
    await using server = await authMta({ list: { clear: ['AUTH PLAIN LOGIN CRAM-MD5'] }, answer }).start();
    const finding = findingOf(await scanAuth(server, 'submission'), 'auth-before-tls');
    expect(finding).toMatchObject({ verdict: 'fail', severity: 'medium', measured: { works: ['CRAM-MD5'] } });
    expect(server.connections.some(({ commands }) => commands.includes('AUTH LOGIN'))).toBe(false);
  });

  test('a server that takes * for a user name is told twice, and its session is not used again', async () => {
    const answer = takes('PLAIN');
    await using server = await authMta({ answer, cancel: '334 UGFzc3dvcmQ6' }).start();
    expect(findingOf(await scanAuth(server, 'mx'), 'auth-before-tls').verdict).toBe('fail');
    for (const { commands } of server.connections) {
      const at = commands.indexOf('AUTH PLAIN');
      if (at >= 0) expect(commands.slice(at + 1, at + 4)).toEqual(['*', '*', 'QUIT']);
    }
  });

  test('where * is called a failed login there is no second', async () => {
    await using server = await authMta({
      answer: takes('PLAIN', 'LOGIN'),
      cancel: '535 5.7.8 Authentication failed',
    }).start();
    const report = await scanAuth(server, 'mx', { probes: ['auth-before-tls'] });
    expect(findingOf(report, 'auth-before-tls').verdict).toBe('fail');
    expect(server.commands.filter((command) => command === '*')).toHaveLength(1);
    // Inside TLS it is found out once more; auth-state then asks nothing.
    const all = await scanAuth(server, 'mx');
    expect(server.commands.filter((command) => command === '*')).toHaveLength(3);
    expect(findingOf(all, 'auth-state')).toMatchObject({ verdict: 'inconclusive', doubt: 'not-permitted' });
  });

  test('Postfix is not asked for what it does not list: its log would call that a failed login', async () => {
    const script = {
      list: { clear: ['AUTH CRAM-MD5'] },
      answer: (mechanism: string) => (mechanism === 'CRAM-MD5' ? '334 PA==' : unknownMechanism),
    };
    const scanned = async (cancel: string) => {
      await using server = await authMta({ ...script, cancel }).start();
      await scanAuth(server, 'mx', { probes: ['auth-before-tls'] });
      return server.commands.filter((command) => command.startsWith('AUTH'));
    };
    expect(await scanned('501 5.7.0 Authentication aborted')).toEqual(['AUTH CRAM-MD5']);
    expect(await scanned('501 Authentication cancelled')).toEqual([
      'AUTH CRAM-MD5',
      'AUTH PLAIN',
      'AUTH LOGIN',
      'AUTH ANONYMOUS',
    ]);
  });
});

describe('a session that has been rejected', () => {
  const rejecting = (reply: string) =>
    authMta({ answer: () => reply }).on(['MAIL', 'VRFY', 'EXPN', 'STARTTLS'], () => reply);
  test.each([
    ['550 5.7.1 Command rejected', 'client-blocked', 'rejected-session'],
    ['451 4.7.1 Service unavailable - try again later', 'ambiguous', 'put-off'],
  ])('"%s" to everything is no refusal of AUTH', async (reply, doubt, cause) => {
    await using server = await rejecting(reply).start();
    const report = await scanAuth(server, 'mx');
    const told = { verdict: 'inconclusive', doubt, cause };
    expect(findingOf(report, 'auth-before-tls')).toMatchObject({
      ...told,
      evidence: [{ quote: reply }, { quote: reply }],
    });
    expect(findingOf(report, 'auth-on-mx')).toMatchObject({ verdict: 'inconclusive', doubt });
    expect(findingOf(report, 'auth-anonymous')).toMatchObject({ verdict: 'inconclusive', doubt });
  });
  test('its twin, which refuses AUTH alone in such words', async () => {
    await using server = await authMta({ answer: () => '550 5.7.1 Command rejected' }).start();
    expect(findingOf(await scanAuth(server, 'mx'), 'auth-before-tls')).toMatchObject({
      verdict: 'pass',
      evidence: [{ quote: '550 5.7.1 Command rejected' }, {}],
    });
  });
});

describe("Dovecot's submission service", () => {
  const takesBoth = takes('PLAIN', 'LOGIN');
  const dovecot = (clear: string, tls: string) =>
    authMta({
      list: { clear: [`AUTH${clear}`, 'BURL imap'], tls: [`AUTH${tls}`, 'BURL imap'] },
      answer: (mechanism, turn) =>
        turn.dialogue.tls ? takesBoth(mechanism, turn) : '523 5.7.10 Plaintext authentication disabled.',
      cancel: '501 5.5.2 Authentication aborted by client.',
    }).on('MAIL', () => '530 5.7.0 Authentication required.');

  test('is asked for no password mechanism in clear, and begins one login in a session', async () => {
    await using server = await dovecot(' ', ' PLAIN LOGIN').start();
    const report = await scanAuth(server, 'submission');
    expect(findingOf(report, 'auth-before-tls')).toMatchObject({ verdict: 'pass', evidence: [{ quote: '250-AUTH ' }] });
    expect(findingOf(report, 'auth-after-tls')).toMatchObject({ verdict: 'pass', measured: { works: ['PLAIN'] } });
    expect(findingOf(report, 'tls-required')).toMatchObject({ verdict: 'pass' });
    expect(findingOf(report, 'auth-anonymous')).toMatchObject({ verdict: 'pass' });
    expect(findingOf(report, 'auth-state')).toMatchObject({ verdict: 'inconclusive', doubt: 'not-permitted' });
    for (const { commands, tls } of server.connections) {
      const logins = commands.filter((command) => /^AUTH /.test(command));
      expect(logins.length).toBeLessThanOrEqual(tls ? 1 : 0);
    }
  });

  test('is asked all of it where failed logins are allowed', async () => {
    await using server = await dovecot(' ', ' PLAIN LOGIN').start();
    const report = await scanAuth(server, 'submission', { allow: 'intrusive', authorized: true });
    expect(findingOf(report, 'auth-after-tls')).toMatchObject({ measured: { works: ['PLAIN', 'LOGIN'] } });
    expect(findingOf(report, 'auth-before-tls')).toMatchObject({
      verdict: 'pass',
      evidence: [{ quote: '523 5.7.10 Plaintext authentication disabled.' }, {}],
    });
  });
});

test('what is offered in clear is told with the place from where it was seen', async () => {
  await using server = await authMta({ list: { clear: ['AUTH PLAIN'] }, answer: takes('PLAIN') }).start();
  const seen = async (options: object) => findingOf(await scanAuth(server, 'submission', options), 'auth-before-tls');
  expect(await seen({})).toMatchObject({
    verdict: 'fail',
    because: expect.stringContaining('seen from a loopback address'),
    measured: { vantage: 'loopback' },
  });
  expect((await seen({ vantage: 'outside' })).because).toBe('PLAIN works in clear');
});

describe('a server that takes only what it lists', () => {
  const exim = '250-mx.example.test Hello probe.scanner.test [192.0.2.9]\n250-PIPECONNECT\n250 HELP';

  test('is asked for no AUTH, which Exim logs as an error that fail2ban counts', async () => {
    await using server = await mta()
      .onEhlo(() => exim)
      .start();
    const report = await scanServer(server, { probes: ['auth-before-tls'] });
    const { verdict, evidence } = findingOf(report, 'auth-before-tls');
    expect([verdict, evidence[0]?.quote]).toEqual(['pass', exim.split('\n')[0]]);
    expect(server.commands.filter((command) => command.startsWith('AUTH'))).toEqual([]);
  });

  test('nor where it takes HELO only, which has no list', async () => {
    await using server = await mta()
      .onEhlo(() => '550 EHLO is not known here, say HELO')
      .on('HELO', () => '250 mx.example.test Hello probe.scanner.test [192.0.2.9]')
      .start();
    await scanServer(server, { probes: ['auth-before-tls'] });
    expect(server.commands.filter((command) => command.startsWith('AUTH'))).toEqual([]);
  });

  test('is asked where it only greets like that', async () => {
    await using server = await mta()
      .onEhlo(() => exim.replace('PIPECONNECT', 'SIZE'))
      .start();
    await scanServer(server, { probes: ['auth-before-tls'] });
    expect(server.commands.filter((command) => command.startsWith('AUTH'))).not.toEqual([]);
  });
});
