import { helloVersions } from '../../src/model/tls-answer.ts';

/** A ClientHello as a server reads it. */
export interface ReadHello {
  /** `client_version`: 0x0303 is TLS 1.2. */
  readonly version: number;
  readonly suites: readonly number[];
  /** Bodies of extensions by their number. */
  readonly extensions: ReadonlyMap<number, Buffer>;
  /** Octets of the message, its record's head left out. */
  readonly length: number;
}

/** Reads a ClientHello in one record. Throws where a length is wrong. */
export function readHello(bytes: Buffer): ReadHello {
  const reader = new Reader(bytes);
  reader.take(3);
  const message = new Reader(reader.vector(2));
  const { length } = message;
  message.take(1);
  const hello = new Reader(message.vector(3));
  const version = hello.number(2);
  hello.take(32);
  hello.vector(1);
  const suites = new Reader(hello.vector(2)).all((one) => one.number(2));
  hello.vector(1);
  const extensions = hello.isOver
    ? []
    : new Reader(hello.vector(2)).all((one) => [one.number(2), one.vector(2)] as const);
  for (const one of [reader, message, hello]) if (!one.isOver) throw new Error('octets behind the end');
  return { version, suites, extensions: new Map(extensions), length };
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get length(): number {
    return this.#bytes.length;
  }

  get isOver(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(count: number): Buffer {
    const taken = this.#bytes.subarray(this.#at, this.#at + count);
    if (taken.length < count) throw new Error(`${count} octets wanted, ${taken.length} left`);
    this.#at += count;
    return taken;
  }

  number(octets: 1 | 2 | 3): number {
    return this.take(octets).readUIntBE(0, octets);
  }

  vector(lengthOctets: 1 | 2 | 3): Buffer {
    return this.take(this.number(lengthOctets));
  }

  all<T>(read: (reader: Reader) => T): T[] {
    const items: T[] = [];
    while (!this.isOver) items.push(read(this));
    return items;
  }
}

/** A record (RFC 5246 §6.2.1). */
export const record = (type: number, body: readonly number[], version = 0x0303): Buffer =>
  Buffer.from([type, version >> 8, version & 0xff, body.length >> 8, body.length & 0xff, ...body]);

/** A message of the handshake (RFC 5246 §7.4). */
export const message = (type: number, body: readonly number[]): number[] => [
  type,
  body.length >> 16,
  (body.length >> 8) & 0xff,
  body.length & 0xff,
  ...body,
];

export const serverHello = (version: number, suite: number): number[] =>
  message(2, [version >> 8, version & 0xff, ...Array<number>(32).fill(7), 0, suite >> 8, suite & 0xff, 0]);

export const serverHelloDone: readonly number[] = message(14, []);

export const alert = (code: number, level = 2): Buffer => record(21, [level, code]);

/** What a server says that chooses: ServerHello, something in the place of a certificate, ServerHelloDone. */
export const flight = (version: number, suite: number): Buffer =>
  record(22, [...serverHello(version, suite), ...message(11, [0, 0, 0]), ...serverHelloDone], version);

/** What a server does with a ClientHello; `handshake`: what OpenSSL does. */
export type RawAnswer = Buffer | 'handshake' | 'hang up' | 'silence';

/** OpenSSL sends session tickets, ours does not. */
const isOfOpenSsl = ({ extensions }: ReadHello): boolean => extensions.has(35);

/**
 * A server that speaks these versions and suites with clients of any age, and does handshakes with OpenSSL. `otherwise`:
 * what it says where there is nothing in common.
 */
export function chooses(
  suites: readonly number[],
  {
    versions = ['TLSv1.2'],
    otherwise = alert(40),
    tooOld = alert(70),
  }: {
    readonly versions?: readonly (typeof helloVersions)[number][];
    readonly otherwise?: RawAnswer;
    readonly tooOld?: RawAnswer;
  } = {},
): (hello: ReadHello) => RawAnswer {
  return (hello) => {
    if (isOfOpenSsl(hello)) return 'handshake';
    const spoken = helloVersions.findLast((one, index) => versions.includes(one) && 0x0300 + index <= hello.version);
    if (spoken === undefined) return tooOld;
    const suite = suites.find((one) => hello.suites.includes(one));
    return suite === undefined ? otherwise : flight(0x0300 + helloVersions.indexOf(spoken), suite);
  };
}
