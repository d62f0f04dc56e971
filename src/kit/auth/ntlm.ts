import { visible } from '../../model/visible.ts';

/** What an NTLM challenge tells of the inside; null where it does not say. Printable. */
export interface NtlmFacts {
  readonly target: string | null;
  readonly netbiosComputer: string | null;
  readonly netbiosDomain: string | null;
  readonly dnsComputer: string | null;
  readonly dnsDomain: string | null;
  readonly dnsTree: string | null;
  /** Such as `10.0.17763`. */
  readonly osVersion: string | null;
  /** The server's clock, ISO 8601. */
  readonly time: string | null;
}

const signature = Buffer.from('NTLMSSP\0', 'latin1');

/** Flags of MS-NLMP §2.2.2.5. */
const unicode = 0x0000_0001;
const hasVersion = 0x0200_0000;
/** 56 and 128 bit keys, extended session security, always sign, NTLM, target wanted, OEM and Unicode. */
const wanted = 0xa008_8207;

/** The opening of NTLM (NEGOTIATE_MESSAGE, MS-NLMP §2.2.1.1) in base64: no name, no domain, nothing to log in with. */
export const ntlmNegotiate: string = (() => {
  const message = Buffer.alloc(32);
  signature.copy(message);
  message.writeUInt32LE(1, 8);
  message.writeUInt32LE(wanted, 12);
  return message.toString('base64');
})();

/**
 * Reads a CHALLENGE_MESSAGE (MS-NLMP §2.2.1.2) in base64; null where it is none. Lengths and offsets are the peer's,
 * and not believed.
 */
export function ntlmFacts(base64: string): NtlmFacts | null {
  const message = Buffer.from(base64, 'base64');
  if (message.length < 32 || !message.subarray(0, 8).equals(signature) || message.readUInt32LE(8) !== 2) return null;
  const flags = message.readUInt32LE(20);
  const pairs = avPairs(field(message, 40));
  const name = (id: number) => nonEmpty(textOf(pairs.get(id), true));
  return {
    target: nonEmpty(textOf(field(message, 12), (flags & unicode) !== 0)),
    netbiosComputer: name(1),
    netbiosDomain: name(2),
    dnsComputer: name(3),
    dnsDomain: name(4),
    dnsTree: name(5),
    osVersion: (flags & hasVersion) !== 0 ? versionOf(message) : null,
    time: timeOf(pairs.get(7)),
  };
}

/** The facts that are there, each in words. */
export function ntlmLines(facts: NtlmFacts): string[] {
  const labels: readonly (readonly [string, string | null])[] = [
    ['target', facts.target],
    ['NetBIOS computer', facts.netbiosComputer],
    ['NetBIOS domain', facts.netbiosDomain],
    ['DNS computer', facts.dnsComputer],
    ['DNS domain', facts.dnsDomain],
    ['DNS tree', facts.dnsTree],
    ['OS version', facts.osVersion],
    ['time', facts.time],
  ];
  return labels.flatMap(([label, value]) => (value === null ? [] : [`${label}: ${value}`]));
}

/** Octets of one name that are read. */
const nameLimit = 512;

/** The bytes that a length and an offset point at, as far as they lie in the message. */
function field(message: Buffer, at: number): Buffer {
  if (message.length < at + 8) return Buffer.alloc(0);
  const offset = message.readUInt32LE(at + 4);
  return message.subarray(offset, offset + message.readUInt16LE(at));
}

/** The AV_PAIRs of MS-NLMP §2.2.2.1 by id, until their end mark or until they run out. */
function avPairs(bytes: Buffer): Map<number, Buffer> {
  const pairs = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= bytes.length; ) {
    const [id, length] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
    if (id === 0) break;
    if (!pairs.has(id)) pairs.set(id, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return pairs;
}

function textOf(bytes: Buffer | undefined, wide: boolean): string {
  return visible((bytes ?? Buffer.alloc(0)).subarray(0, nameLimit).toString(wide ? 'utf16le' : 'latin1'));
}

const nonEmpty = (text: string): string | null => (text === '' ? null : text);

function versionOf(message: Buffer): string | null {
  if (message.length < 56) return null;
  return `${message.readUInt8(48)}.${message.readUInt8(49)}.${message.readUInt16LE(50)}`;
}

/** A FILETIME: tenths of microseconds since 1601. */
function timeOf(bytes: Buffer | undefined): string | null {
  if (bytes === undefined || bytes.length < 8) return null;
  const milliseconds = Number(bytes.readBigUInt64LE(0) / 10_000n) - 11_644_473_600_000;
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
