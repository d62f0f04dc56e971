import { expect, it } from 'vitest';
import { isStranger, mtaTitles, serverTitles, titleOf } from '../../../src/model/mtas.ts';

it('gives each key the title that the MTA writes', () => {
  expect(mtaTitles.map((title) => titleOf(title.toLowerCase()))).toEqual([...mtaTitles]);
  expect(new Set(serverTitles.map((title) => title.toLowerCase())).size).toBe(serverTitles.length);
});

it('shows a key that it does not know as it is', () => {
  expect(titleOf('constructor')).toBe('constructor');
  expect(titleOf('future-mta')).toBe('future-mta');
});

it.each([
  ['Postfix', false],
  [null, false],
  ['qpsmtpd', true],
  ['some later server', true],
])('%s: a stranger to all fixes is %s', (title, expected) => {
  expect(isStranger(title)).toBe(expected);
});
