import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxRecords, queryOf, readAnswer } from '../../../src/discover/dns-message.ts';
import { type RecordType, recordShapes } from '../../../src/model/lookup.ts';

const types = Object.keys(recordShapes) as RecordType[];
const id = 0x1234;
const question = { name: 'example.test', type: 'MX' } as const;

/** Header and question of an answer, with as many records said to follow. */
function head(type: RecordType, counts: readonly [number, number, number]): Buffer {
  const query = queryOf({ name: 'example.test', type }, id, true);
  if (query === null) throw new Error('no query');
  const start = Buffer.from(query.subarray(0, 12 + 14 + 4));
  start.writeUInt16BE(0x8180, 2);
  for (const [index, count] of counts.entries()) start.writeUInt16BE(count, 6 + 2 * index);
  return start;
}

function record(owner: Buffer, type: number, data: Buffer, length = data.length): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(300, 4);
  fixed.writeUInt16BE(length, 8);
  return Buffer.concat([owner, fixed, data]);
}

const toQuestion = Buffer.from([0xc0, 12]);
const numbers: Readonly<Record<RecordType, number>> = { A: 1, CNAME: 5, PTR: 12, MX: 15, TXT: 16, AAAA: 28, TLSA: 52 };

/** What must hold of any reading: bounded, printable, and of the type that was asked for. */
function expectSane(type: RecordType, bytes: Buffer): void {
  const began = performance.now();
  const read = readAnswer(bytes, id, { name: 'example.test', type });
  expect(performance.now() - began).toBeLessThan(2000);
  if (typeof read === 'string') return;
  expect(read.records.length).toBeLessThanOrEqual(maxRecords);
  for (const each of read.records) {
    expect([type, 'CNAME']).toContain(each.type);
    // Nothing that hides, moves or colours.
    expect(JSON.stringify(each)).not.toMatch(/\\u00[01]|[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  }
}

const runs = { numRuns: 300 };
const bytes = (max: number) => fc.uint8Array({ maxLength: max }).map((each) => Buffer.from(each));

describe('whatever comes', () => {
  test('as a whole', () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), bytes(200), (type, junk) => expectSane(type, junk)),
      runs,
    );
  });

  test('behind the right question', () => {
    const counts = fc.tuple(fc.nat(65_535), fc.nat(3), fc.nat(3));
    fc.assert(
      fc.property(fc.constantFrom(...types), counts, bytes(300), (type, said, junk) =>
        expectSane(type, Buffer.concat([head(type, said), junk])),
      ),
      runs,
    );
  });

  test('in records of the right form', () => {
    const owner = fc.oneof(fc.constant(toQuestion), bytes(4));
    const data = fc.tuple(owner, bytes(80), fc.integer({ min: -3, max: 3 }));
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.array(data, { maxLength: 8 }), (type, records) => {
        const written = records.map(([name, each, off]) =>
          record(name, numbers[type], each, Math.max(0, each.length + off)),
        );
        expectSane(type, Buffer.concat([head(type, [records.length, 0, 0]), ...written]));
      }),
      runs,
    );
  });

  test('with one octet of a good answer changed', () => {
    const exchange = Buffer.from('\x00\x0a\x02mx\xc0\x0c', 'latin1');
    const opt = Buffer.from([0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]);
    const good = Buffer.concat([
      head('MX', [2, 0, 1]),
      record(toQuestion, 15, exchange),
      record(toQuestion, 15, exchange),
      opt,
    ]);
    expect(readAnswer(good, id, question)).toMatchObject({
      rcode: 'NOERROR',
      records: [{ data: { preference: 10, exchange: 'mx.example.test' } }, {}],
    });
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, octet, end) => {
        const other = Buffer.from(good);
        other[at] = octet;
        expectSane('MX', other);
        expectSane('MX', other.subarray(0, end));
      }),
      runs,
    );
  });
});

describe('what would take long', () => {
  /** A record of another type full of pointers, each to the one before: the last leads through all of them. */
  const ladder = Buffer.alloc(16_000);
  const ladderAt = 12 + 14 + 4 + 12;
  for (let at = 0; at < ladder.length; at += 2) ladder.writeUInt16BE(0xc000 + (at === 0 ? 12 : ladderAt + at - 2), at);
  const top = Buffer.alloc(2);
  top.writeUInt16BE(0xc000 + ladderAt + ladder.length - 2);

  test('thousands of names behind thousands of pointers', () => {
    const small = record(top, 5, top);
    const many = Math.floor((65_535 - ladderAt - ladder.length) / small.length);
    const packet = Buffer.concat([
      head('A', [many + 1, 0, 0]),
      record(toQuestion, 10, ladder),
      ...Array(many).fill(small),
    ]);
    expectSane('A', packet);
    expect(readAnswer(packet, id, { name: 'example.test', type: 'A' })).toMatchObject({ unread: many - maxRecords });
  });

  test('65535 records of which there is none', () => {
    expect(readAnswer(head('A', [65_535, 65_535, 65_535]), id, { name: 'example.test', type: 'A' })).toBe('garbled');
  });
});

test('the RCODE is that of the header and of EDNS together', () => {
  const opt = Buffer.from([0, 0, 41, 4, 208, 1, 0, 0, 0, 0, 0]);
  const packet = Buffer.concat([head('A', [0, 0, 1]), opt]);
  expect(readAnswer(packet, id, { name: 'example.test', type: 'A' })).toMatchObject({ rcode: 'BADVERS' });
});
