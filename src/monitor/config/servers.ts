import { hostPortOf } from '../../model/host-port.ts';
import { isLoopbackAddress } from '../../model/vantage.ts';
import type { Listen, MailServer } from './config.ts';

/** The rest of a sentence that begins with the place; it never holds what stands there, which may be a secret. */
export interface Unread {
  readonly kind: 'problem';
  readonly problem: string;
}

/** Reads `smtps://user@host:465` (TLS first, port 465 by default) and `smtp://user@host:587` (STARTTLS, 587). */
export function mailServerOf(text: string): (MailServer & { readonly kind: 'server' }) | Unread {
  const [, scheme, , user, authority = ''] = /^(smtps?):\/\/(([^@/]*)@)?([^@/]+)\/?$/i.exec(text) ?? [];
  if (scheme === undefined) return problem('is no server: it takes smtps://user@host, or smtp://user@host:587');
  if (user?.includes(':') === true)
    return problem('has a password in it: it takes the user alone, and password: { env: NAME } beside it');
  const read = hostPortOf(authority);
  // A host that is none may be a password in the wrong place.
  if (read.kind === 'problem') return problem('has a host or a port that is none: it takes smtps://user@host:465');
  const tls = scheme.toLowerCase() === 'smtps' ? 'implicit' : 'starttls';
  const port = read.port ?? (tls === 'implicit' ? 465 : 587);
  const name = user === undefined || user === '' ? null : decoded(user);
  return { kind: 'server', host: read.host, port, tls, user: name };
}

/** `mon%40example.org` is how a user with an @ in it is written. */
function decoded(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** Reads `host:port`, `[v6]:port` and `unix:/path`; `none` is null. */
export function listenOf(text: string): Listen | null | Unread {
  if (text === 'none') return null;
  if (text.startsWith('unix:/')) return { kind: 'unix', path: text.slice('unix:'.length) };
  const read = hostPortOf(text);
  if (read.kind === 'problem') return problem(read.problem);
  if (read.port === null) return problem('names no port: it takes host:port, unix:/path, or none');
  return { kind: 'tcp', host: read.host, port: read.port };
}

/** Whether only this machine can ask. */
export const isLocal = (listen: Listen): boolean =>
  listen.kind === 'unix' || listen.host === 'localhost' || isLoopbackAddress(listen.host);

const problem = (text: string): Unread => ({ kind: 'problem', problem: text });
