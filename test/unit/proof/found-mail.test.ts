import { describe, expect, test } from 'vitest';
import { foundMail, tokensIn } from '../../../src/proof/found-mail.ts';

describe('a message as it is stored', () => {
  const at = new Date(0);
  const found = (text: string) => foundMail(Buffer.from(text, 'latin1'), at);

  test.each([
    ['CRLF', 'To: b\r\n\r\nhello\r\n', { header: 'To: b\r\n\r\n', body: 'hello\r\n' }],
    ['LF', 'To: b\n\nhello\n', { header: 'To: b\n\n', body: 'hello\n' }],
    ['no body', 'To: b\n', { header: 'To: b\n', body: '' }],
    ['no header', '\r\nhello\r\n', { header: '\r\n', body: 'hello\r\n' }],
    ['no text', '', { header: '', body: '' }],
    ['a long body', `To: b\n\n${'x'.repeat(5000)}`, { header: 'To: b\n\n', body: 'x'.repeat(4096) }],
    ['a header without an end', `To: ${'x'.repeat(400_000)}`, { header: `To: ${'x'.repeat(299_996)}`, body: '' }],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual({ ...expected, at });
  });

  test('its tokens stand in a field of that name, not in the body', () => {
    expect(tokensIn(found('X-Mxprobe-Token: t1\nx-mxprobe-token: t2\n\nX-Mxprobe-Token: t3\n'))).toEqual(['t1', 't2']);
  });
});
