import { isUtf8 } from 'node:buffer';
import type { Defect } from '../model/reply.ts';
import { visible } from '../model/visible.ts';

/** What one reply may take of our memory. A peer that sends more has no reply for us. */
export const readerLimits = {
  /**
   * Octets kept of one line; RFC 5321 §4.5.3.1.5 allows 512, real servers send more. The rest is dropped and noted as a
   * defect.
   */
  lineBytes: 4096,
  /** Lines of one reply. */
  replyLines: 256,
  /** Octets of one reply, dropped ones included. */
  replyBytes: 262_144,
} as const;

/** A reply as read: lines are printable, code included. */
export interface RawReply {
  readonly code: number | null;
  readonly lines: readonly [string, ...string[]];
  readonly defects: readonly Defect[];
}

const LF = 0x0a;
const CR = 0x0d;
const TAB = 0x09;

/**
 * Bytes in, replies out (RFC 5321 §4.2). No socket and no clock. It parses only when asked for the next reply, so that
 * what a server sends behind the reply to STARTTLS stays bytes.
 */
export class ReplyReader {
  #chunks: Uint8Array = new Uint8Array(0);
  #lines: { text: string; code: number | null; last: boolean }[] = [];
  #defects = new Set<Defect>();
  #replyBytes = 0;
  /** The rest of a line that was cut is being dropped. */
  #cutting: Uint8Array | null = null;
  #overflow: string | null = null;

  push(chunk: Uint8Array): void {
    if (this.#overflow !== null) return;
    this.#chunks = this.#chunks.length === 0 ? chunk : Buffer.concat([this.#chunks, chunk]);
  }

  /** The next whole reply, or null when more bytes are needed or `overflow` says that none will come. */
  next(): RawReply | null {
    while (this.#overflow === null) {
      const line = this.#takeLine();
      if (line === null) return null;
      const reply = this.#add(line);
      if (reply !== null) return reply;
    }
    return null;
  }

  /** Why no reply can be read any more: a limit of `readerLimits` is passed. */
  get overflow(): string | null {
    return this.#overflow;
  }

  /** Whether bytes have arrived that no `next()` has given back. */
  get hasUnread(): boolean {
    return this.#chunks.length > 0 || this.#lines.length > 0 || this.#cutting !== null;
  }

  /** Takes what is unread: half a reply when a server hung up, or what it sent behind a reply. */
  takeRest(): Uint8Array {
    const begun = this.#lines.map((line) => `${line.text}\r\n`).join('');
    const rest = Buffer.concat([Buffer.from(begun), this.#cutting ?? new Uint8Array(0), this.#chunks]);
    this.#chunks = new Uint8Array(0);
    this.#cutting = null;
    this.#lines = [];
    this.#defects = new Set();
    this.#replyBytes = 0;
    return rest;
  }

  #takeLine(): Uint8Array | null {
    const end = this.#chunks.indexOf(LF);
    if (end < 0) {
      this.#holdLongLine();
      return null;
    }
    const tail = this.#chunks.subarray(0, end);
    this.#chunks = this.#chunks.subarray(end + 1);
    this.#count(tail.length + 1);
    const whole = this.#cutting ?? tail;
    this.#cutting = null;
    return whole;
  }

  /** Bounds a line that has no end yet. */
  #holdLongLine(): void {
    if (this.#cutting === null && this.#chunks.length <= readerLimits.lineBytes) return;
    this.#cutting ??= this.#chunks.slice(0, readerLimits.lineBytes + 1);
    this.#count(this.#chunks.length);
    this.#chunks = new Uint8Array(0);
  }

  #count(bytes: number): void {
    this.#replyBytes += bytes;
    if (this.#replyBytes > readerLimits.replyBytes)
      this.#overflow = `over ${readerLimits.replyBytes} octets without the end of a reply`;
  }

  #add(raw: Uint8Array): RawReply | null {
    const text = this.#clean(raw);
    // A tab in the place of the space is shown as `\x09`, and so is that text, which is no tab.
    const match = (raw[3] === TAB ? /^(\d{3})/ : /^(\d{3})(?:$|([- ]))/).exec(text);
    if (match === null) this.#defects.add('not-a-reply');
    const code = match === null ? null : Number(match[1]);
    // Text between `250-` lines that has no code belongs to the reply; as the first line it stands alone.
    const last = match === null ? this.#lines.length === 0 : match[2] !== '-';
    this.#lines.push({ text, code, last });
    if (this.#lines.length > readerLimits.replyLines)
      this.#overflow = `over ${readerLimits.replyLines} lines in one reply`;
    return last && this.#overflow === null ? this.#finish() : null;
  }

  /** The line as shown; what is odd about the octets that are kept of it becomes a defect. */
  #clean(raw: Uint8Array): string {
    const cut = raw.length > readerLimits.lineBytes;
    let line = cut ? raw.subarray(0, readerLimits.lineBytes) : raw;
    if (line.at(-1) === CR && !cut) line = line.subarray(0, -1);
    else if (!cut) this.#defects.add('bare-lf');
    if (line.includes(CR)) this.#defects.add('bare-cr');
    if (line.includes(0)) this.#defects.add('nul');
    if (line.length > 510) this.#defects.add('line-too-long');
    if (!isUtf8(line)) this.#defects.add('not-utf8');
    return visible(line);
  }

  #finish(): RawReply {
    const codes = new Set(this.#lines.flatMap((line) => (line.code === null ? [] : [line.code])));
    if (codes.size > 1) this.#defects.add('code-mismatch');
    const [first = '', ...more] = this.#lines.map((line) => line.text);
    const code = codes.size === 0 ? null : agreed([...codes], this.#lines.at(-1)?.code ?? null);
    if (code !== null && !/^[2-5][0-5]\d$/.test(String(code).padStart(3, '0'))) this.#defects.add('code-out-of-range');
    const reply = { code, lines: [first, ...more] as const, defects: [...this.#defects] };
    this.#lines = [];
    this.#defects = new Set();
    this.#replyBytes = 0;
    return reply;
  }
}

/**
 * The code of a reply whose lines may differ: that of the last line where all agree in kind, none where they do not.
 */
function agreed(codes: readonly number[], last: number | null): number | null {
  const kinds = new Set(codes.map((code) => Math.floor(code / 100)));
  return kinds.size === 1 ? (last ?? codes.at(-1) ?? null) : null;
}
