import { describe, expect, test } from 'vitest';
import { problemsOf } from './checked.ts';
import { servicesStumbledOver, servicesTaken } from './tried.ts';

const smtp = 'smtp inet n - n - - smtpd';

describe('lines of master.cf that Postfix takes', () => {
  test.each([...servicesTaken, 'mine unix - - n - - /opt/mine/daemon with words'])('%s', (line) => {
    expect(problemsOf('', { master: `${line}\n` })).toEqual([]);
  });
});

describe('and those that it does not take', () => {
  test.each(servicesStumbledOver)('%s', (line, weight, message) => {
    expect(problemsOf('', { master: `${smtp}\n${line}\n` })).toMatchObject([
      { file: 'master.cf', line: 2, weight, message: expect.stringContaining(message) },
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
