import { normalAddress } from '../model/address.ts';
import type { RecordOf, RecordType } from '../model/lookup.ts';
import { visible } from '../model/visible.ts';

/** What a record of a type holds, as `recordShapes` describes it, printable. */
export interface RecordData {
  readonly type: RecordType;
  readonly data: RecordOf<RecordType>;
}

/** From what dns-packet decodes. Throws where that is nothing of this type. */
export function recordData(type: RecordType, decoded: unknown): RecordData {
  return { type, data: readers[type](decoded) };
}

/** As zone files write it, without quotes and without the root's dot at the end. */
export function recordText<T extends RecordType>(type: T, record: RecordOf<T>): string {
  return writers[type](record);
}

/** ASCII alone (RFC 4343 §3): a Kelvin sign is no k. */
export const lowerCase = (name: string): string => name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** Lower case, without the root's dot; empty for the root. */
export const printableName = (name: string): string => visible(lowerCase(name)).replace(/\.$/, '');

function address(decoded: unknown): string {
  const normal = normalAddress(String(decoded));
  if (normal === null) throw new TypeError(`${decoded} is no address`);
  return normal;
}

const name = (decoded: unknown): string => printableName(String(decoded));

const readers: { readonly [T in RecordType]: (decoded: unknown) => RecordOf<T> } = {
  A: address,
  AAAA: address,
  CNAME: name,
  PTR: name,
  MX: (decoded) => {
    const { preference, exchange } = decoded as { preference: number; exchange: string };
    return { preference, exchange: name(exchange) };
  },
  TLSA: (decoded) => {
    const { usage, selector, matchingType, certificate } = decoded as Record<
      'usage' | 'selector' | 'matchingType',
      number
    > & {
      certificate: Buffer;
    };
    return { usage, selector, matching: matchingType, data: certificate.toString('hex') };
  },
  TXT: (decoded) => visible(Buffer.concat(decoded as Buffer[])),
};

const orRoot = (text: string): string => (text === '' ? '.' : text);
const same = (text: string): string => text;

const writers: { readonly [T in RecordType]: (record: RecordOf<T>) => string } = {
  A: same,
  AAAA: same,
  CNAME: orRoot,
  PTR: orRoot,
  MX: ({ preference, exchange }) => `${preference} ${orRoot(exchange)}`,
  TLSA: ({ usage, selector, matching, data }) => `${usage} ${selector} ${matching} ${data}`,
  TXT: same,
};
