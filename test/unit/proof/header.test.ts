import { expect, test } from 'vitest';
import { fieldsOf, valuesOf } from '../../../src/proof/header.ts';

const message = (...lines: string[]) => lines.join('\r\n');

test('fields are unfolded, named in lower case, and end with the header', () => {
  const text = message('Received: from a', '\tby b; now', 'X-One:two', '', 'Received: in the body', '');
  expect(fieldsOf(text)).toEqual([
    { name: 'received', value: 'from a by b; now', octets: 'Received: from a\n\tby b; now'.length },
    { name: 'x-one', value: 'two', octets: 9 },
  ]);
});

test('LF ends lines too, and counts as one octet as CRLF does', () => {
  const folded = ['X: a', ' b', ' c'];
  expect(fieldsOf(`${folded.join('\n')}\n\n`)[0]?.octets).toBe(fieldsOf(message(...folded, '', ''))[0]?.octets);
});

test.each([
  ['nothing', '', 0],
  ['no header', '\r\nbody: here\r\n', 0],
  ['lines that are no fields', 'From alice Mon Jan  1\nSubject: x\n\n', 1],
  ['a header alone, its last line ended', 'Subject: x\r\n', 1],
])('%s', (_, text, count) => {
  expect(fieldsOf(text)).toHaveLength(count);
});

test('a long field is counted whole and shown in part; what hides in it is shown', () => {
  const [field] = fieldsOf(`X-Long: \x1b[31m${'x'.repeat(200_000)}\n\n`);
  expect(field?.octets).toBe(200_000 + 13);
  expect(field?.value.length).toBeLessThan(1100);
  expect(field?.value).toContain('\\x1b[31m');
});

test('the values of a name, in their order', () => {
  expect(valuesOf(fieldsOf('A: 1\nB: 2\na: 3\n\n'), 'a')).toEqual(['1', '3']);
});
