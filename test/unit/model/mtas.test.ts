import { expect, it } from 'vitest';
import { mtaTitles, serverTitles, titleOf } from '../../../src/model/mtas.ts';

it('gives each key the title that the MTA writes', () => {
  expect(mtaTitles.map((title) => titleOf(title.toLowerCase()))).toEqual([...mtaTitles]);
  expect(new Set(serverTitles.map((title) => title.toLowerCase())).size).toBe(serverTitles.length);
});

it('shows a key that it does not know as it is', () => {
  expect(titleOf('constructor')).toBe('constructor');
  expect(titleOf('future-mta')).toBe('future-mta');
});
