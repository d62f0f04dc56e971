import { createPublicKey, X509Certificate } from 'node:crypto';
import type { RecordOf } from '../../model/lookup.ts';

export type Tlsa = RecordOf<'TLSA'>;

/** What TLSA records mean by their numbers, as RFC 7218 names them. */
export const usages = { anchor: 2, endEntity: 3 } as const;
export const matchings = { full: 0, sha256: 1, sha512: 2 } as const;

/**
 * Whether senders of mail can do anything with a record (RFC 7672 §3.1): usage 2 or 3, a selector and a matching type
 * that are known, data as long as the digest, or, of a full record, data that can be read. The usages of the web's
 * authorities (0 and 1) are not used for mail.
 */
export function isUsable(record: Tlsa): boolean {
  const { usage, selector, matching, data } = record;
  if (usage !== usages.anchor && usage !== usages.endEntity) return false;
  if (selector !== 0 && selector !== 1) return false;
  return matching === matchings.full ? isReadable(record) : data.length === digestLength[matching];
}

/** Hexadecimal digits, by matching type. */
const digestLength: Readonly<Record<number, number>> = { [matchings.sha256]: 64, [matchings.sha512]: 128 };

function isReadable({ selector, data }: Tlsa): boolean {
  const octets = Buffer.from(data, 'hex');
  try {
    return selector === 0
      ? new X509Certificate(octets).raw.length === octets.length
      : createPublicKey({ key: octets, format: 'der', type: 'spki' }).type === 'public';
  } catch {
    return false;
  }
}

/**
 * The usable records that senders go by: of each usage and selector those with the strongest digest that stands there,
 * beside full ones (RFC 7671 §9). A `3 1 1` that fits is not looked at beside a `3 1 2` that does not.
 */
export function decisive(records: readonly Tlsa[]): Tlsa[] {
  const usable = records.filter(isUsable);
  const isStrongest = ({ usage, selector, matching }: Tlsa) =>
    usable.every((other) => other.usage !== usage || other.selector !== selector || other.matching <= matching);
  return usable.filter((record) => record.matching === matchings.full || isStrongest(record));
}

/** Why a record is not usable, part of a sentence: its numbers, or its data. */
export function flawOf(record: Tlsa): string {
  const hasKnownKind =
    isUsable({ ...record, matching: matchings.sha256, data: 'x'.repeat(64) }) && record.matching <= 2;
  return hasKnownKind ? `${kindOf(record)} with data that cannot be right` : kindOf(record);
}

/** Its numbers, such as `3 1 1`. */
export const kindOf = ({ usage, selector, matching }: Tlsa): string => `${usage} ${selector} ${matching}`;
