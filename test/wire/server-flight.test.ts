import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeFlight, flightLimit, type ServerFlight, ServerFlightReader } from '../../src/wire/server-flight.ts';
import { alert, flight, message, record, serverHello, serverHelloDone } from '../support/raw-tls.ts';

/** What is told of octets that come in these pieces, and then the end. */
function read(...pieces: readonly Uint8Array[]): ServerFlight | null {
  const reader = new ServerFlightReader();
  for (const piece of pieces) {
    const told = reader.push(piece);
    if (told !== null) return told;
  }
  return reader.end();
}

const chosen = { kind: 'server-hello', version: 'TLSv1.2', suite: 0x0005, isWhole: true };
const hello = serverHello(0x0303, 5);

describe('what a server says first', () => {
  test.each<[string, readonly Uint8Array[], object | null]>([
    ['a flight in one record', [flight(0x0303, 5)], chosen],
    [
      'a record a message',
      [record(22, hello), record(22, message(11, [0, 0, 0])), record(22, [...serverHelloDone])],
      chosen,
    ],
    ['SSL 3.0', [flight(0x0300, 3)], { version: 'SSLv3', suite: 3 }],
    ['TLS 1.3, which was not offered', [flight(0x0304, 0x1301)], { version: 'TLSv1.3' }],
    ['a version that nobody knows', [record(22, serverHello(0x7f1c, 5))], { version: '0x7f1c' }],
    ['HelloRequest first', [record(22, message(0, [])), flight(0x0303, 5)], chosen],
    ['ServerHello alone', [record(22, hello)], { ...chosen, isWhole: false }],
    ['ServerHello, then an alert', [record(22, hello), alert(80)], { ...chosen, isWhole: false }],
    ['ServerHello, then what is encrypted', [record(22, hello), record(23, [1, 2])], { ...chosen, isWhole: false }],
    ['an alert', [alert(40)], { kind: 'alert', alert: 'handshake_failure', code: 40 }],
    ['an alert that nobody knows', [alert(200)], { kind: 'alert', alert: 'alert_200' }],
    ['close_notify, a warning', [alert(0, 1)], { kind: 'alert', alert: 'close_notify' }],
    ['a warning of the name, then ServerHello', [alert(112, 1), flight(0x0303, 5)], chosen],
    ['a warning, and the end', [alert(112, 1)], { kind: 'alert', alert: 'unrecognized_name' }],
    ['nothing', [], null],
    ['half a record', [flight(0x0303, 5).subarray(0, 20)], null],
    ['clear text', [Buffer.from('554 no TLS here\r\n')], { kind: 'clear-text' }],
    ['SSL 2.0', [Buffer.from([0x80, 0x03, 0, 0, 1])], { kind: 'clear-text' }],
    [
      'a record too long',
      [Buffer.from([22, 3, 3, 0xff, 0xff])],
      { kind: 'broken', because: 'a record of 65535 octets' },
    ],
    ['an empty record', [Buffer.from([22, 3, 3, 0, 0])], { kind: 'broken' }],
    ['an alert in two records', [record(21, [2]), record(21, [40])], { kind: 'broken' }],
    ['a message too long', [record(22, [2, 0xff, 0xff, 0xff])], { kind: 'broken' }],
    ['a ServerHello too short', [record(22, message(2, [3, 3, 0]))], { kind: 'broken' }],
    [
      'a session id beyond the end',
      [record(22, message(2, [3, 3, ...Array<number>(32).fill(0), 200, 0, 5, 0]))],
      { kind: 'broken' },
    ],
    ['a certificate first', [record(22, message(11, [0, 0, 0]))], { kind: 'broken' }],
    [
      'a message without end',
      Array.from({ length: 20 }, () => record(22, Array<number>(16_000).fill(0xff).with(0, 2).with(1, 1))),
      { kind: 'broken' },
    ],
  ])('%s', (_, pieces, expected) => {
    if (expected === null) expect(read(...pieces)).toBeNull();
    else expect(read(...pieces)).toMatchObject(expected);
  });

  test('is the same however it is cut into segments and records', () => {
    const messages = [...hello, ...message(11, Array<number>(300).fill(1)), ...serverHelloDone];
    const cut = (bytes: readonly number[], sizes: readonly number[]) => {
      const pieces: number[][] = [];
      let rest = [...bytes];
      for (let index = 0; rest.length > 0; index++) {
        const size = sizes[index % sizes.length] ?? 1;
        pieces.push(rest.slice(0, size));
        rest = rest.slice(size);
      }
      return pieces;
    };
    const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(sizes, sizes, (ofRecords, ofSegments) => {
        const bytes = cut(messages, ofRecords).flatMap((piece) => [...record(22, piece)]);
        expect(read(...cut(bytes, ofSegments).map((piece) => Buffer.from(piece)))).toEqual(chosen);
      }),
    );
  });

  test('never throws, and always ends, whatever the octets', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 400 }),
        fc
          .tuple(fc.integer({ min: 20, max: 24 }), fc.array(fc.nat(255), { maxLength: 60 }))
          .map(([type, body]) => record(type, body)),
        fc.nat(flight(0x0303, 5).length).map((end) => flight(0x0303, 5).subarray(0, end)),
      ),
      { maxLength: 20 },
    );
    fc.assert(fc.property(pieces, (all) => void read(...all)));
    const reader = new ServerFlightReader();
    const certificate = record(22, Array<number>(16_000).fill(0).with(0, 11).with(1, 1));
    let told: ServerFlight | null = reader.push(record(22, hello));
    while (told === null) told = reader.push(certificate);
    expect(told).toMatchObject({ kind: 'server-hello', isWhole: false });
    expect(reader.heard).toBeLessThan(flightLimit + 20_000);
  });
});

test.each<[Uint8Array, string]>([
  [flight(0x0303, 5), 'TLS ServerHello: TLSv1.2, TLS_RSA_WITH_RC4_128_SHA (0x0005)'],
  [record(22, hello), 'TLS ServerHello: TLSv1.2, TLS_RSA_WITH_RC4_128_SHA (0x0005), and not the rest of its flight'],
  [alert(40), 'TLS alert: handshake_failure (40)'],
  [Buffer.from('554 no\r\n'), 'no TLS in answer to a ClientHello'],
])('the transcript has a line for it: %#', (bytes, line) => {
  const told = read(bytes);
  expect(told === null ? null : describeFlight(told)).toBe(line);
});
