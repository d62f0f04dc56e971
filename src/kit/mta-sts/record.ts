import { beginningOf } from '../../model/visible.ts';
/** What the TXT records of `_mta-sts` say to a sender; `why` goes on a sentence that begins with the record. */
export type StsRecord =
  | { readonly kind: 'none' }
  | { readonly kind: 'unusable'; readonly why: string }
  | { readonly kind: 'usable'; readonly id: string };

const version = 'v=STSv1';

/**
 * Reads them by RFC 8461 §3.1: what does not begin with the version is somebody else's; of the rest there must be one,
 * and right. A record that only almost begins with it was meant to be one.
 */
export function readStsRecord(texts: readonly string[]): StsRecord {
  const own = texts.filter((text) => /^v=STSv1[ \t]*(;|$)/.test(text));
  const [text] = own;
  if (text === undefined) {
    const isMeant = texts.some((one) => /^\s*"?v\s*=\s*sts/i.test(one));
    return isMeant ? unusable(`does not begin with "${version};", to the letter`) : { kind: 'none' };
  }
  if (own.length > 1) return unusable(`is there ${own.length} times, and must be there once`);
  const [, ...fields] = text.split(';').map((field) => field.trim());
  if (fields.at(-1) === '') fields.pop();
  const bad = fields.find((field) => !isField(field));
  if (bad !== undefined) return unusable(`has a part that is no name=value: "${beginningOf(bad, 60)}"`);
  const id = fields.find((field) => field.startsWith('id='))?.slice('id='.length);
  if (id === undefined) return unusable('has no id');
  return /^[A-Za-z0-9]{1,32}$/.test(id)
    ? { kind: 'usable', id }
    : unusable(`has an id that is not 1 to 32 letters and digits: "${beginningOf(id, 60)}"`);
}

const unusable = (why: string): StsRecord => ({ kind: 'unusable', why });

/** `id`, or an extension; the id has rules of its own. */
const isField = (text: string): boolean => /^(id=.*|[A-Za-z0-9][A-Za-z0-9_.-]{0,31}=[!-:<>-~]+)$/.test(text);
