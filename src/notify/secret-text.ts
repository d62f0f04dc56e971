import type { Place, Secret } from '../monitor/config/config.ts';
import type { NotifyParts } from './parts.ts';

type Reading = Pick<NotifyParts, 'readSecret'>;

/** A secret that goes into a header. Rejects where it is none that fits. */
export async function tokenOf(secret: Secret, { readSecret }: Reading): Promise<string> {
  const token = await readSecret(secret);
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new Error(`${whereOf(secret)} holds no token: it has blanks or other characters in it`);
  return token;
}

/** An address to ask, and what of it may be said. */
export interface Address {
  readonly url: URL;
  /** Its host; of one that is a secret, where it stands. */
  readonly shown: string;
  readonly secrets: readonly string[];
}

/** Rejects where what stands there is no URL. */
export async function addressOf(place: Place, { readSecret }: Reading): Promise<Address> {
  if (place.kind === 'url') return openAddress(place.url);
  const text = await readSecret(place);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '')
    throw new Error(`${whereOf(place)} holds no URL: it takes one that begins with https://`);
  return { url, shown: `the server of ${whereOf(place)}`, secrets: [text, `${url.pathname}${url.search}`] };
}

/** One that is no secret; `path` goes behind what it has of one. */
export function openAddress(text: string, path = ''): Address {
  const url = new URL(text);
  if (path !== '') url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
  return { url, shown: url.host, secrets: [] };
}

/** Where a secret stands, as a file names it. */
const whereOf = (secret: Secret): string => (secret.kind === 'env' ? secret.env : `"${secret.file}"`);
