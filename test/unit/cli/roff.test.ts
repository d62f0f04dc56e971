import { expect, test } from 'vitest';
import { document, paragraph, section, tagged, title, verbatim } from '../../../src/cli/roff.ts';

test('what would be a request is text', () => {
  expect(paragraph(".so /etc/passwd\n'br")).toBe(".PP\n\\&.so /etc/passwd\n\\&'br\n");
});

test('what would be an escape is text', () => {
  expect(paragraph('\\fBbold\\n')).toBe('.PP\n\\efBbold\\en\n');
  expect(section('a "b" \\c')).toBe('.SH "A \\(dqB\\(dq \\eC"\n');
});

test('a dash is one that can be pasted', () => {
  expect(tagged('--fail-on <x>', '-')).toBe('.TP\n.B "\\-\\-fail\\-on <x>"\n\\-\n');
});

test('what is not ASCII has a name', () => {
  expect(paragraph('§ é')).toBe('.PP\n\\[u00A7] \\[u00E9]\n');
});

test('lines stay as they are', () => {
  expect(verbatim('a\n  b')).toBe('.PP\n.RS 4\n.nf\na\n  b\n.fi\n.RE\n');
});

test('the title line', () => {
  expect(title('mxprobe', '', 'mxprobe 1.0', 'User Commands')).toBe(
    '.TH "MXPROBE" "1" "" "mxprobe 1.0" "User Commands"\n',
  );
});

test('a heading is followed by no empty paragraph', () => {
  expect(document([section('a'), paragraph('x'), paragraph('y')])).toBe('.SH "A"\nx\n.PP\ny\n');
});
