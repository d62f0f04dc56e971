import { expect, it } from 'vitest';
import { chosenFixes } from '../../../src/report/fix-choice.ts';

const fixes = { postfix: ['a'], exim: ['b'], sendmail: ['c'] };
const titles = (name: string | null) => {
  const { shown, others } = chosenFixes(fixes, { name, version: null, by: null });
  return { shown: shown.map(({ title }) => title), others: others.map(({ title }) => title) };
};

it.each([
  ['one that has lines', 'Sendmail', ['Sendmail'], ['Postfix', 'Exim']],
  ['one that has none for this', 'Courier', ['Postfix', 'Exim'], ['Sendmail']],
  ['one that no line is for', 'qpsmtpd', [], ['Postfix', 'Exim', 'Sendmail']],
  ['none recognised', null, ['Postfix', 'Exim'], ['Sendmail']],
])('%s', (_what, name, shown, others) => {
  expect(titles(name)).toEqual({ shown, others });
});
