import { describe, expect, test } from 'vitest';
import { layOut } from '../../../src/report/layout.ts';

const page = { width: 40, color: false };

test('text is wrapped below itself', () => {
  expect(
    layOut([{ indent: 2, lead: [['strong', 'FAIL  ']], text: 'one two three four five six seven eight' }], page),
  ).toBe('  FAIL  one two three four five six\n        seven eight\n');
});

test('a word longer than a line is broken, and no line is wider than the page', () => {
  const lines = layOut([{ indent: 4, lead: [['faint', 'S: ']], text: `250 ${'x'.repeat(500)}` }], page).split('\n');
  expect(lines.join('').replaceAll(' ', '')).toBe(`S:250${'x'.repeat(500)}`);
  expect(Math.max(...lines.map((line) => line.length))).toBe(40);
});

test('wide characters count twice', () => {
  const lines = layOut([{ text: '漢'.repeat(30) }], page)
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => [...line].length)).toEqual([20, 10]);
});

test('lines to paste are never broken; lines to glance at are cut', () => {
  const text = 'postconf -e "smtpd_relay_restrictions = permit_mynetworks, reject"';
  expect(layOut([{ text, wrap: 'no' }], page)).toBe(`${text}\n`);
  expect(layOut([{ text, wrap: 'cut' }], page)).toBe('postconf -e "smtpd_relay_restrictions...\n');
  expect(layOut([{ text: 'short', wrap: 'cut' }], page)).toBe('short\n');
});

test('a lead that fills the line puts the text on the next', () => {
  expect(layOut([{ lead: [['strong', 'a-host-name.example.com/192.0.2.1:25']], text: 'mx', hang: 2 }], page)).toBe(
    'a-host-name.example.com/192.0.2.1:25\n  mx\n',
  );
});

describe('what is shown', () => {
  const hostile = '\x1b]0;owned\x07 \x1b[2J\u202e\r\nnext \u009b31m';

  test('is printable, in leads and in text', () => {
    const shown = layOut([{ lead: [['strong', hostile]], text: hostile }], { width: 200, color: false });
    expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(shown).toContain('\\x1b]0;owned\\x07 \\x1b[2J\\u{202e}\\x0d\\x0anext \\x9b31m');
  });

  test('has colours only when asked for, and only ours', () => {
    const para = { lead: [['bad', 'FAIL ']], text: hostile } as const;
    expect(layOut([para], page)).not.toContain('\x1b');
    expect(layOut([para], { width: 200, color: true }).match(/\x1b[^m]*m/g)).toEqual(['\x1b[1;31m', '\x1b[0m']);
  });
});
