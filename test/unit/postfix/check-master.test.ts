import { describe, expect, test } from 'vitest';
import { problemsOf } from './checked.ts';

const smtp = 'smtp inet n - n - - smtpd';

describe('lines of master.cf that Postfix takes', () => {
  test.each([
    `${smtp} -v -o smtpd_banner=x`,
    `${smtp} -o { smtpd_banner = x y } --`,
    `${smtp} -i 5 -S`,
    'smtp inet n - - - - smtpd',
    '127.0.0.1:10025 inet n - n 60? 0 smtpd',
    ':2525 inet n - n - - smtpd',
    `lmtp unix - - n - - lmtp flags=DO`,
    'slow unix - - n - - smtp -o syslog_name=slow flags=',
    'mine unix - - n - - /opt/mine/daemon with words',
    'uucp unix - n n - - pipe flags=Fqhu user=uucp argv=uux -r -n -z -a$sender - $nexthop!rmail ($recipient)',
    'policy unix - n n - 0 spawn user=nobody argv=/usr/bin/policy flags',
  ])('%s', (line) => {
    expect(problemsOf('', { master: `${line}\n` })).toEqual([]);
  });
});

describe('and those that it does not take', () => {
  test.each([
    ['x inet n - n - smtpd', 'has 7 columns, and a service has 8'],
    ['x tcp n - n - - smtpd', '"tcp" is no type of service'],
    ['x inet n - no - - smtpd', '"no" stands where y, n or - is due'],
    ['x inet N - n - - smtpd', '"N" stands where y, n or - is due'],
    ['x inet - - n - - smtpd', 'is on the network, so its third column is n'],
    ['x inet y - n - - smtpd', 'is on the network, so its third column is n'],
    ['x inet n - n never - smtpd', '"never" is no wakeup time'],
    ['x inet n - n - -1 smtpd', '"-1" is no number of processes'],
    ['x inet n - n - - smtpd -x', '"-x" is no option that a program of Postfix has'],
    ['x inet n - n - - smtpd -o', 'sets no parameter'],
    ['x inet n - n - - smtpd -o smtpd_banner = x', 'sets no parameter'],
    ['x inet n - n - - smtpd -o {smtpd_banner=x}y', 'sets no parameter'],
    ['x inet n - n - - smtpd -o =x', 'sets no parameter'],
    ['x inet n - n - - smtpd -o smtpd_banner=x y', 'white space goes into braces'],
    ['x inet n - n - - smtpd -o smtpd_banner=x # no', 'a comment has a line of its own'],
    ['x inet n - n - - smtpd \u2013o smtpd_banner=x', 'it begins with a dash that is no "-"'],
    ['x inet n - n - - smtpd flags=DO', 'is no option'],
    ['x inet n - n - - smtpd -o smtpd_helo_required=false', 'it is yes or no, or smtpd would not start'],
    ['x unix - - n - - lmtp flags=DQ', 'the flags of lmtp are D, O, R and X'],
    ['x unix - - n - - lmtp DO', 'is no option'],
    ['x unix - n n - - pipe flags=Z user=u argv=x', 'has a flag that pipe does not know'],
    ['x unix - n n - - pipe flags=F argv=x', 'pipe wants user='],
    ['x unix - n n - - pipe user=u', 'pipe wants argv='],
    ['x unix - n n - - pipe usr=u argv=x', 'is nothing that pipe knows'],
  ])('%s', (line, message) => {
    expect(problemsOf('', { master: `${smtp}\n${line}\n` })).toMatchObject([
      { file: 'master.cf', line: 2, weight: 'fatal', message: expect.stringContaining(message) },
    ]);
  });

  test('flags of lmtp are there since 3.5', () => {
    const master = `${smtp}\nlmtp unix - - n - - lmtp flags=DO\n`;
    expect(problemsOf('', { master, version: '3.4' })[0]?.message).toContain('since Postfix 3.5');
    expect(problemsOf('', { master, version: null })).toEqual([]);
  });

  test('digits with something behind them', () => {
    expect(problemsOf('', { master: `${smtp}\nx inet n - n 60x - smtpd\n` })).toMatchObject([
      { line: 2, weight: 'odd' },
    ]);
  });
});
