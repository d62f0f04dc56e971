import { describe, expect, test } from 'vitest';
import { logicalLines, nameAndValue } from '../../../src/postfix/logical-lines.ts';

const linesOf = (source: string) => logicalLines(source).lines.map(({ text, line }) => [line, text]);

describe('logical lines', () => {
  test.each([
    [
      'a = b\nc = d\n',
      [
        [1, 'a = b'],
        [2, 'c = d'],
      ],
    ],
    ['a = b', [[1, 'a = b']]],
    ['a = b,\n  c,\n\td\n', [[1, 'a = b,  c,\td']]],
    ['# x\n\n  # y\na = b\n#c\n\n   #d\n  e\n', [[4, 'a = b  e']]],
    ['a = b\n   \n c\n', [[1, 'a = b c']]],
    ['a = b # no comment\n', [[1, 'a = b # no comment']]],
    ['\uFEFFa = b\r\n c\r\n', [[1, '\uFEFFa = b c']]],
    ['a\u00a0=\u00a0b\n', [[1, 'a\u00a0=\u00a0b']]],
    ['', []],
    ['\n\n#\n', []],
  ])('%j', (source, expected) => {
    expect(linesOf(source)).toEqual(expected);
  });

  test('pass over what continues nothing', () => {
    expect(linesOf('# x\n  a = b\n  c\nd = e\n')).toEqual([[4, 'd = e']]);
    expect(logicalLines('# x\n  a = b\n').astray).toBe(2);
    expect(logicalLines('a = b\n').astray).toBeNull();
  });

  test('know the physical line of each of their parts', () => {
    const [line] = logicalLines('one\n# x\n two\n three').lines;
    expect(['one', 'two', 'three'].map((word) => line?.lineAt(line.text.indexOf(word)))).toEqual([1, 3, 4]);
  });
});

describe('name and value', () => {
  test.each([
    ['a=b', { name: 'a', value: 'b' }],
    ['a \t=\t b c \v', { name: 'a', value: 'b c' }],
    ['a =', { name: 'a', value: '' }],
    ['a = b = c', { name: 'a', value: 'b = c' }],
    ['a = b\u00a0', { name: 'a', value: 'b\u00a0' }],
    ['a b = c', null],
    ['a', null],
    [' = a', null],
  ])('%j', (text, expected) => {
    expect(nameAndValue(text)).toEqual(expected);
  });

  test('take time in proportion to the length', () => {
    const blanks = ' '.repeat(300_000);
    expect(nameAndValue(`a =${blanks}b${blanks}c`)?.value).toHaveLength(300_002);
  });
});
