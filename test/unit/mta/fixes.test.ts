import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { fixesFor } from '../../../src/mta/fixes.ts';

/** The probes that a setting of the server's can turn from fail to pass. */
const probes = [
  'hello',
  'reachable',
  'open-relay',
  'own-domain-spoof',
  'submission-auth',
  'vrfy',
  'expn',
  'rcpt-oracle',
  'backscatter',
  'postmaster',
  'auth-before-tls',
  'auth-after-tls',
  'auth-anonymous',
  'auth-weak',
  'auth-on-mx',
  'starttls-offer',
  'starttls-works',
  'tls-required',
  'tls-version',
  'tls-ciphers',
  'tls-certificate',
  'bare-newline',
  'early-talker',
  'pipelining-order',
  'http-verbs',
  'xclient',
  'helo-required',
  'etrn',
  'banner',
  'helo-own-name',
  'connection-rate',
  'connection-count',
  'message-rate',
  'recipient-rate',
  'auth-rate',
  'tls-session-rate',
  'mx',
  'ptr',
  'names-agree',
  'block-lists',
  'vantage',
];

const everyFix = probes.flatMap((probe) =>
  Object.entries(fixesFor(probe)).map(([mta, lines]) => ({ probe, mta, lines: lines ?? [] })),
);
const isShell = (line: string) =>
  /^(postconf|postfix|grep|sed|make|newaliases|openssl|certbot|doveadm|systemctl|update-exim4|exim4|echo|ls|rm|smtpd |smtpctl)/.test(
    line,
  );

describe('every fix', () => {
  it.each(probes)('of %s names an MTA', (probe) => {
    expect(Object.keys(fixesFor(probe))).not.toHaveLength(0);
  });

  it.each(everyFix)('$probe, $mta: whole lines, and not comments alone', ({ lines }) => {
    for (const line of lines) expect(line).toMatch(/^\s*\S(.*\S)?$/);
    expect(lines.filter((line) => !line.startsWith('#'))).not.toHaveLength(0);
  });

  it('is shell where it looks like shell', () => {
    const script = everyFix.flatMap(({ lines }) => lines.filter(isShell));
    expect(script.length).toBeGreaterThan(60);
    const { status, stderr } = spawnSync('sh', ['-n'], { input: script.join('\n'), encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('quotes m4 in pairs', () => {
    const m4 = everyFix.flatMap(({ lines }) => lines.filter((line) => /^(define|FEATURE|DAEMON|TRUST)/.test(line)));
    expect(m4.length).toBeGreaterThan(10);
    for (const line of m4) {
      expect(line.split('`')).toHaveLength(line.split("'").length);
      expect(line).toMatch(/\)dnl$/);
    }
  });

  it('closes the braces of Exim expansions', () => {
    for (const line of everyFix.flatMap(({ mta, lines }) => (mta === 'exim' ? lines : []))) {
      expect(line.split('{')).toHaveLength(line.split('}').length);
    }
  });

  it('ends with what makes it work, for Postfix', () => {
    for (const { mta, lines } of everyFix) {
      if (mta === 'postfix' && lines.some((line) => /^postconf -[eP] '/.test(line)))
        expect(lines.some((line) => /^postfix (reload$|stop && postfix start\b)/.test(line))).toBe(true);
    }
  });

  it('gives postconf -P values without white space, as it wants them', () => {
    for (const line of everyFix.flatMap(({ lines }) => lines)) {
      const value = /^postconf -P '(.*)'$/.exec(line)?.[1];
      if (value !== undefined) expect(value).toMatch(/^submissions?\/inet\/\w+=\S+$/);
    }
  });
});

it('has nothing for a probe that it does not know', () => {
  expect(fixesFor('constructor')).toEqual({});
  expect(fixesFor('no-such-probe')).toEqual({});
});
