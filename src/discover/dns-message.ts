import {
  AUTHENTIC_DATA,
  CHECKING_DISABLED,
  DNSSEC_OK,
  decode,
  answer as decoder,
  encode,
  RECURSION_DESIRED,
} from 'dns-packet';
import type { RecordType } from '../model/lookup.ts';
import { printableName, type RecordData, recordData } from './dns-records.ts';
import { rcodeName } from './rcodes.ts';

// The decoder of one record, which the package exports and its types leave out.
declare module 'dns-packet' {
  const answer: { readonly decode: ((bytes: Buffer, at: number) => Answer) & { readonly bytes: number } };
}

export interface Question {
  /** Without the root's dot; empty for the root. */
  readonly name: string;
  readonly type: RecordType;
}

/** What one answer says, records of other types and of other classes than IN left out. */
export interface Message {
  readonly rcode: string;
  /** TC: cut off, so that `records` is empty. */
  readonly isTruncated: boolean;
  /** AD (RFC 4035 §3.2.3), whatever it is worth. */
  readonly isAuthentic: boolean;
  /** AA or RA: the server knows by itself, or asks others for us. */
  readonly knows: boolean;
  readonly records: readonly AnswerRecord[];
  /** Records over `maxRecords`, which are not read. */
  readonly unread: number;
}

export interface AnswerRecord extends RecordData {
  /** The owner, in lower case and without the root's dot. */
  readonly name: string;
  readonly ttl: number;
}

/** Records of one answer that are read; a domain with more has lost its mind, or is after ours. */
export const maxRecords = 300;
/** What fits into one packet on every link (DNS flag day 2020). */
const udpPayloadSize = 1232;

/** A question with RD, AD (RFC 6840 §5.7) and DO; `checking` false sets CD. Null where DNS can hold no such name. */
export function queryOf({ name, type }: Question, id: number, checking: boolean): Buffer | null {
  const flags = RECURSION_DESIRED | AUTHENTIC_DATA | (checking ? 0 : CHECKING_DISABLED);
  const opt = { udpPayloadSize, extendedRcode: 0, ednsVersion: 0, flags: DNSSEC_OK, flag_do: true, options: [] };
  try {
    const query = encode({
      type: 'query',
      id,
      flags,
      questions: [{ name: name === '' ? '.' : name, type, class: 'IN' }],
      additionals: [{ type: 'OPT', name: '.', ...opt }],
    });
    // The encoder takes labels of any length, empty ones and lone surrogates: what it wrote is read back.
    return asks(query, { name, type }) ? query : null;
  } catch {
    return null;
  }
}

/**
 * Reads what came for a question: `stranger` where it is no answer to it (id, QR, opcode, name, type and class), which
 * says nothing and is not waited less for; `garbled` where it is one that cannot be read to its end. Never throws, and
 * takes time in proportion to `maxRecords`.
 */
export function readAnswer(bytes: Buffer, id: number, question: Question): Message | 'stranger' | 'garbled' {
  if (bytes.length < headerSize || bytes.readUInt16BE(0) !== id) return 'stranger';
  const flags = bytes.readUInt16BE(2);
  const isResponse = (flags & 0xf800) === 0x8000;
  if (!isResponse || !asks(bytes, question)) return 'stranger';
  const isTruncated = (flags & 0x0200) !== 0;
  const said = {
    isTruncated,
    isAuthentic: (flags & 0x0020) !== 0,
    knows: (flags & 0x0480) !== 0,
  };
  if (isTruncated) return { ...said, rcode: rcodeName(flags & 0xf), records: [], unread: 0 };
  try {
    const frames = framesOf(bytes);
    const opt = frames.find(({ section, type }) => section === 'additional' && type === typeNumbers.OPT);
    const wanted = frames.filter(
      ({ section, type, isInternet }) =>
        section === 'answer' && isInternet && (type === typeNumbers[question.type] || type === typeNumbers.CNAME),
    );
    return {
      ...said,
      rcode: rcodeName((flags & 0xf) | (((opt?.ttl ?? 0) >>> 24) << 4)),
      records: wanted.slice(0, maxRecords).map((frame) => recordIn(bytes, frame)),
      unread: Math.max(0, wanted.length - maxRecords),
    };
  } catch {
    return 'garbled';
  }
}

/** By RFC 1035 §3.2.2, RFC 3596, RFC 6698 and RFC 6891. */
const typeNumbers = { A: 1, CNAME: 5, PTR: 12, MX: 15, TXT: 16, AAAA: 28, OPT: 41, TLSA: 52 } as const;
const headerSize = 12;

/** Whether a message holds this one question. */
function asks(bytes: Buffer, { name, type }: Question): boolean {
  try {
    if (bytes.readUInt16BE(4) !== 1) return false;
    const head = Buffer.from(bytes.subarray(0, endOfName(bytes, headerSize) + 4));
    head.fill(0, 6, headerSize);
    const asked = decode(head).questions?.[0];
    if (asked === undefined) return false;
    return printableName(asked.name) === printableName(name) && asked.type === type && asked.class === 'IN';
  } catch {
    return false;
  }
}

interface Frame {
  readonly section: 'answer' | 'authority' | 'additional';
  readonly start: number;
  readonly end: number;
  readonly type: number;
  readonly isInternet: boolean;
  readonly ttl: number;
}

/** Where each record behind the question begins and ends, by its own length; throws where the bytes end before. */
function framesOf(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  let start = endOfName(bytes, headerSize) + 4;
  for (const [section, at] of [
    ['answer', 6],
    ['authority', 8],
    ['additional', 10],
  ] as const) {
    for (let left = bytes.readUInt16BE(at); left > 0; left -= 1) {
      const fixed = endOfName(bytes, start);
      const end = fixed + 10 + bytes.readUInt16BE(fixed + 8);
      if (end > bytes.length) throw new RangeError('a record goes on behind the message');
      const type = bytes.readUInt16BE(fixed);
      const isInternet = bytes.readUInt16BE(fixed + 2) === 1;
      frames.push({ section, start, end, type, isInternet, ttl: bytes.readUInt32BE(fixed + 4) });
      start = end;
    }
  }
  return frames;
}

/** Behind a name as it stands there, a pointer not followed (RFC 1035 §4.1.4). */
function endOfName(bytes: Buffer, start: number): number {
  for (let at = start; ; ) {
    const length = bytes.readUInt8(at);
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2;
    if (length > 63) throw new RangeError('a label of an unknown kind');
    at += length + 1;
  }
}

/** Throws where the data are none of its type, or not as long as the record says. */
function recordIn(bytes: Buffer, { start, end, ttl }: Frame): AnswerRecord {
  const decoded = decoder.decode(bytes.subarray(0, end), start);
  if (decoder.decode.bytes !== end - start) throw new RangeError('the data and its length differ');
  const data = 'data' in decoded ? decoded.data : null;
  return { name: printableName(decoded.name), ttl, ...recordData(decoded.type as RecordType, data) };
}
