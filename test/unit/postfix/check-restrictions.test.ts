import { describe, expect, test } from 'vitest';
import { problemsOf, weightsOf } from './checked.ts';
import { restrictionsStumbledOver, restrictionsTaken } from './tried.ts';

const relay = 'smtpd_relay_restrictions';
const recipient = 'smtpd_recipient_restrictions';

describe('lists of restrictions that smtpd takes', () => {
  test.each([...restrictionsTaken, `${recipient} = check_sender_access { own:y, default=DUNNO }`])('%s', (lines) => {
    expect(problemsOf(lines)).toEqual([]);
  });
});

describe('and that it stumbles over', () => {
  test.each(restrictionsStumbledOver)('%s', (lines, weight, message) => {
    expect(problemsOf(lines)[0]).toMatchObject({ weight, message: expect.stringContaining(message) });
  });

  test('quotation marks are told of at either end', () => {
    const messages = problemsOf(`${recipient} = "permit_mynetworks, reject_unauth_destination"`).map(
      ({ message }) => message,
    );
    expect(messages).toHaveLength(2);
    for (const message of messages) expect(message).toContain('quotation marks are part of a word');
  });

  test('the line is that of the list, and of the service that has it', () => {
    expect(problemsOf(`biff = no\n${relay} =\n${recipient} =`)[0]).toMatchObject({ file: 'main.cf', line: 5 });
    const master = `smtp inet n - n - - smtpd\n  -o ${relay}=permit_mynetworks\n`;
    expect(problemsOf('', { master })[0]).toMatchObject({ file: 'master.cf', line: 2, parameter: relay });
  });

  test('without compatibility_level there is no default to keep strangers out since 3.3; who knows which version, knows not', () => {
    const unset = 'compatibility_level = 0';
    expect(weightsOf(unset)).toContain('fatal');
    const printed = `${unset}\n${relay} = \${{$compatibility_level} <level {1} ? {} : {permit_mynetworks, defer_unauth_destination}}`;
    for (const lines of [unset, printed])
      expect(problemsOf(lines).at(0)?.message).toContain('has a default from compatibility_level 1 on');
    expect(weightsOf(unset, { version: '3.2' })).not.toContain('fatal');
    expect(weightsOf(unset, { version: null })).not.toContain('fatal');
  });
});
