import { expect, it } from 'vitest';
import { chosenFix, elsewhereWords } from '../../../src/report/fix-choice.ts';

const fixes = { postfix: ['a'], exim: ['b'], sendmail: ['c'] };

it.each([
  ['one that has lines', 'Sendmail', 'Sendmail'],
  ['one that has none for this', 'Courier', null],
  ['one that no line is for', 'qpsmtpd', null],
  ['none recognised', null, null],
])('%s', (_what, name, title) => {
  expect(chosenFix(fixes, { name, version: null, by: null })?.title ?? null).toBe(title);
});

it('says where the others are', () => {
  expect(elsewhereWords('open-relay', fixes)).toBe('mxprobe probes open-relay --mta <name> (postfix, exim, sendmail)');
  expect(elsewhereWords('hello', {})).toBe(null);
});
