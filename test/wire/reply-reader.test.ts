import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Defect } from '../../src/model/reply.ts';
import { type RawReply, ReplyReader, readerLimits } from '../../src/wire/reply-reader.ts';

/** All replies that chunks make, and whether anything is left. */
function read(...chunks: (string | Uint8Array)[]): { replies: RawReply[]; unread: boolean; overflow: string | null } {
  const reader = new ReplyReader();
  const replies: RawReply[] = [];
  for (const chunk of chunks) {
    reader.push(Buffer.from(chunk as Uint8Array));
    for (let reply = reader.next(); reply !== null; reply = reader.next()) replies.push(reply);
  }
  return { replies, unread: reader.hasUnread, overflow: reader.overflow };
}

const latin = (text: string) => Buffer.from(text, 'latin1');

/** What servers send, well-formed and odd; each with the replies it holds. */
const corpus: readonly [
  string,
  Buffer,
  readonly { code: number | null; lines: readonly string[]; defects?: readonly Defect[] }[],
][] = [
  ['one line', latin('220 mx.example.test ESMTP\r\n'), [{ code: 220, lines: ['220 mx.example.test ESMTP'] }]],
  ['a code alone', latin('250\r\n'), [{ code: 250, lines: ['250'] }]],
  ['a code and a space', latin('250 \r\n'), [{ code: 250, lines: ['250 '] }]],
  ['a tab behind the code', latin('250\tok\r\n'), [{ code: 250, lines: ['250\\x09ok'] }]],
  [
    'a tab that is spelt out is text',
    latin('250\\x09ok\r\n'),
    [{ code: null, lines: ['250\\x09ok'], defects: ['not-a-reply'] }],
  ],
  [
    'several lines',
    latin('250-mx.example.test\r\n250-PIPELINING\r\n250 STARTTLS\r\n'),
    [{ code: 250, lines: ['250-mx.example.test', '250-PIPELINING', '250 STARTTLS'] }],
  ],
  ['hyphen and nothing else', latin('250-\r\n250 \r\n'), [{ code: 250, lines: ['250-', '250 '] }]],
  [
    'the replies to a flight',
    latin('250 2.1.0 Ok\r\n554 5.7.1 <a@b.test>: Relay access denied\r\n250 2.0.0 Ok\r\n'),
    [
      { code: 250, lines: ['250 2.1.0 Ok'] },
      { code: 554, lines: ['554 5.7.1 <a@b.test>: Relay access denied'] },
      { code: 250, lines: ['250 2.0.0 Ok'] },
    ],
  ],
  ['UTF-8', Buffer.from('250 grüße aus Łódź 漢字\r\n'), [{ code: 250, lines: ['250 grüße aus Łódź 漢字'] }]],
  ['bare LF', latin('220-a\n220 b\n'), [{ code: 220, lines: ['220-a', '220 b'], defects: ['bare-lf'] }]],
  ['a CR within', latin('220 a\rb\r\n'), [{ code: 220, lines: ['220 a\\x0db'], defects: ['bare-cr'] }]],
  ['two CRs at the end', latin('220 a\r\r\n'), [{ code: 220, lines: ['220 a\\x0d'], defects: ['bare-cr'] }]],
  ['NUL', latin('220 a\0b\r\n'), [{ code: 220, lines: ['220 a\\x00b'], defects: ['nul'] }]],
  ['not UTF-8', latin('220 a\xe9b\r\n'), [{ code: 220, lines: ['220 a\\xe9b'], defects: ['not-utf8'] }]],
  ['an escape sequence', latin('220 \x1b[2J\x1b]0;x\x07\r\n'), [{ code: 220, lines: ['220 \\x1b[2J\\x1b]0;x\\x07'] }]],
  [
    'text turned round',
    Buffer.from('220 \u202egnp.exe\u2066\r\n'),
    [{ code: 220, lines: ['220 \\u{202e}gnp.exe\\u{2066}'] }],
  ],
  [
    'no code',
    latin('SSH-2.0-OpenSSH_9.9\r\n'),
    [{ code: null, lines: ['SSH-2.0-OpenSSH_9.9'], defects: ['not-a-reply'] }],
  ],
  ['two digits', latin('22 ok\r\n'), [{ code: null, lines: ['22 ok'], defects: ['not-a-reply'] }]],
  ['four digits', latin('2200 ok\r\n'), [{ code: null, lines: ['2200 ok'], defects: ['not-a-reply'] }]],
  ['no space behind the code', latin('220ok\r\n'), [{ code: null, lines: ['220ok'], defects: ['not-a-reply'] }]],
  ['an empty line', latin('\r\n'), [{ code: null, lines: [''], defects: ['not-a-reply'] }]],
  [
    'a line without code among others',
    latin('250-a\r\nmilter says hello\r\n250 b\r\n'),
    [{ code: 250, lines: ['250-a', 'milter says hello', '250 b'], defects: ['not-a-reply'] }],
  ],
  ['a first digit out of range', latin('650 x\r\n'), [{ code: 650, lines: ['650 x'], defects: ['code-out-of-range'] }]],
  [
    'a second digit out of range',
    latin('260 x\r\n'),
    [{ code: 260, lines: ['260 x'], defects: ['code-out-of-range'] }],
  ],
  ['a code of zeros', latin('000 x\r\n'), [{ code: 0, lines: ['000 x'], defects: ['code-out-of-range'] }]],
  [
    'codes that differ in kind',
    latin('250-a\r\n550 b\r\n'),
    [{ code: null, lines: ['250-a', '550 b'], defects: ['code-mismatch'] }],
  ],
  [
    'codes of one kind',
    latin('250-a\r\n251 b\r\n'),
    [{ code: 251, lines: ['250-a', '251 b'], defects: ['code-mismatch'] }],
  ],
  [
    'codes of one kind, the last as the first',
    latin('250-a\r\n251-b\r\n250 c\r\n'),
    [{ code: 250, lines: ['250-a', '251-b', '250 c'], defects: ['code-mismatch'] }],
  ],
  ['512 octets', latin(`250 ${'x'.repeat(506)}\r\n`), [{ code: 250, lines: [`250 ${'x'.repeat(506)}`] }]],
  [
    '513 octets',
    latin(`250 ${'x'.repeat(507)}\r\n`),
    [{ code: 250, lines: [`250 ${'x'.repeat(507)}`], defects: ['line-too-long'] }],
  ],
];

describe('the corpus', () => {
  test.each(corpus)('%s', (_, bytes, expected) => {
    const { replies, unread, overflow } = read(bytes);
    expect(replies).toEqual(expected.map((reply) => ({ defects: [], ...reply })));
    expect({ unread, overflow }).toEqual({ unread: false, overflow: null });
  });

  test.each(corpus)('%s, cut at every byte', (_, bytes) => {
    const whole = read(bytes);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(read(bytes.subarray(0, cut), bytes.subarray(cut)), `cut at ${cut}`).toEqual(whole);
    }
    expect(read(...[...bytes].map((byte) => Uint8Array.of(byte))), 'byte by byte').toEqual(whole);
  });

  test('all of it in one stream, cut at every byte', () => {
    const stream = Buffer.concat(corpus.map(([, bytes]) => bytes));
    const whole = read(stream);
    expect(whole.replies).toHaveLength(corpus.flatMap(([, , replies]) => replies).length);
    for (let cut = 0; cut <= stream.length; cut++) {
      expect(read(stream.subarray(0, cut), stream.subarray(cut)), `cut at ${cut}`).toEqual(whole);
    }
  });
});

describe('any replies', () => {
  const text = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x0a)));
  const end = fc.constantFrom('\r\n', '\r\n', '\r\n', '\n');
  const code = fc.integer({ min: 200, max: 599 });
  const line = (separator: string) =>
    fc
      .tuple(code, text, end)
      .map(([digits, body, eol]) => Buffer.concat([latin(`${digits}${separator}`), body, latin(eol)]));
  const reply = fc
    .tuple(fc.array(line('-'), { maxLength: 5 }), line(' '))
    .map(([more, last]) => Buffer.concat([...more, last]));
  const cuts = fc.array(fc.nat(), { maxLength: 40 });

  test('are the same, whatever packets they come in', () => {
    fc.assert(
      fc.property(fc.array(reply, { maxLength: 12 }), cuts, (sent, at) => {
        const stream = Buffer.concat(sent);
        const got = read(...cutAt(stream, at));
        expect(got).toEqual(read(stream));
        expect(got.replies).toHaveLength(sent.length);
        expect(got.unread).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('are the same with lines too long to be kept', () => {
    // Numbers are what a counterexample should show, so the line is built inside.
    const shape = fc.record({
      over: fc.integer({ min: -6, max: 300 }),
      odd: fc.constantFrom('x', '\r', '\0', '\xe9', '\xc3\xa9'),
      back: fc.nat(80),
      end,
    });
    fc.assert(
      fc.property(shape, cuts, ({ over, odd, back, end: eol }, at) => {
        const filler = 'x'.repeat(readerLimits.lineBytes + over - back);
        const stream = latin(`250 ${filler}${odd}${'y'.repeat(back)}${eol}250 next\r\n`);
        const near = at.map((offset) => readerLimits.lineBytes - 100 + (offset % 500));
        expect(read(...cutAt(stream, near))).toEqual(read(stream));
      }),
      { numRuns: 1000 },
    );
  });

  function cutAt(stream: Buffer, at: readonly number[]): Buffer[] {
    const offsets = [0, ...at.map((offset) => offset % (stream.length + 1)).sort((a, b) => a - b), stream.length];
    return offsets.slice(1).map((offset, index) => stream.subarray(offsets[index], offset));
  }
});

describe('a hostile stream', () => {
  /** What a reader holds back after it has given all it has. */
  function heldAfter(chunks: readonly Uint8Array[]): number {
    const reader = new ReplyReader();
    let lines = 0;
    for (const chunk of chunks) {
      reader.push(chunk);
      for (let reply = reader.next(); reply !== null; reply = reader.next()) {
        expect(reply.lines.length).toBeLessThanOrEqual(readerLimits.replyLines);
        // One octet is shown in at most four characters.
        for (const shown of reply.lines) expect(shown.length).toBeLessThanOrEqual(4 * readerLimits.lineBytes);
        expect(reply.lines.join('\n')).toMatch(/^[^\p{C}\u2028\u2029]*(\n[^\p{C}\u2028\u2029]*)*$/u);
      }
      lines += 1;
    }
    expect(lines).toBe(chunks.length);
    return reader.takeRest().length;
  }

  test('of any bytes neither throws nor grows', () => {
    const bytes = fc.uint8Array({ maxLength: 3000 });
    const digits = fc
      .constantFrom('250-', '250 ', '\r\n', '\n', '\r', '\0', '421', '2')
      .map((text) => new Uint8Array(latin(text)));
    fc.assert(
      fc.property(fc.array(fc.oneof(bytes, digits), { maxLength: 60 }), (chunks) => {
        expect(heldAfter(chunks)).toBeLessThanOrEqual(4 * readerLimits.replyBytes);
      }),
      { numRuns: 200 },
    );
  });

  test('of one line without end is given up, by name, and next to nothing of it is kept', () => {
    const reader = new ReplyReader();
    for (let sent = 0; sent < 4 * readerLimits.replyBytes; sent += 16_384) {
      reader.push(Buffer.alloc(16_384, 'x'));
      expect(reader.next()).toBeNull();
    }
    expect(reader.overflow).toBe('over 262144 octets without the end of a reply');
    expect(reader.takeRest().length).toBeLessThanOrEqual(readerLimits.lineBytes + 16_384);
  });

  test('of continuation lines without end is given up, by name', () => {
    const reader = new ReplyReader();
    reader.push(latin('250-again\r\n'.repeat(readerLimits.replyLines + 1)));
    expect(reader.next()).toBeNull();
    expect(reader.overflow).toBe('over 256 lines in one reply');
  });

  test('of as many lines as are allowed is a reply', () => {
    const lines = ['250-again\r\n'.repeat(readerLimits.replyLines - 1), '250 done\r\n'].join('');
    expect(read(lines).replies[0]?.lines).toHaveLength(readerLimits.replyLines);
  });

  test('of fat continuation lines is given up by octets', () => {
    const { replies, overflow } = read(`250-${'x'.repeat(4000)}\r\n`.repeat(100));
    expect(replies).toEqual([]);
    expect(overflow).toBe('over 262144 octets without the end of a reply');
  });

  test('keeps the first octets of a line that is too long, and reads on behind it', () => {
    const { replies } = read(`250 ${'x'.repeat(9000)}\r\n`, '220 next\r\n');
    expect(replies).toEqual([
      { code: 250, lines: [`250 ${'x'.repeat(readerLimits.lineBytes - 4)}`], defects: ['line-too-long'] },
      { code: 220, lines: ['220 next'], defects: [] },
    ]);
  });
});

describe('what is unread', () => {
  test('is parsed when asked for, not before', () => {
    const reader = new ReplyReader();
    reader.push(latin('220 go ahead\r\n250 injected\r\n'));
    expect(reader.next()).toMatchObject({ code: 220 });
    expect(reader.hasUnread).toBe(true);
    expect(Buffer.from(reader.takeRest()).toString()).toBe('250 injected\r\n');
    expect(reader.hasUnread).toBe(false);
  });

  test('is half a reply too', () => {
    const reader = new ReplyReader();
    reader.push(latin('250-first\r\n250-sec'));
    expect(reader.next()).toBeNull();
    expect(reader.hasUnread).toBe(true);
    expect(Buffer.from(reader.takeRest()).toString()).toBe('250-first\r\n250-sec');
  });

  test('leaves no trace on the next reply when it is taken', () => {
    const reader = new ReplyReader();
    reader.push(latin('250-bare\n250-a\0b\r\nhal'));
    expect(reader.next()).toBeNull();
    reader.takeRest();
    reader.push(latin('220 clean\r\n'));
    expect(reader.next()).toEqual({ code: 220, lines: ['220 clean'], defects: [] });
  });
});
