import { brief, hostPortOf, hostWithPort } from '../model/host-port.ts';
import { UsageError } from '../model/usage-error.ts';
import { isLoopbackAddress } from '../model/vantage.ts';
import { visible } from '../model/visible.ts';
import type { ImapAddress } from './imap.ts';
import type { Mailbox } from './mailbox.ts';

/** Where a mailbox of the user's own is. `shown` has no secrets in it and is printable. */
export type InboxAddress =
  | { readonly kind: 'maildir'; readonly path: string; readonly shown: string }
  | ({ readonly kind: 'imap' } & ImapAddress);

const forms = 'imaps://user@host/mailbox, imap://user@host or maildir:/path';

/** How a password gets in: never by a command line, which everybody on the machine can read. */
const passwordPlace =
  'put it into the environment variable MXPROBE_INBOX_PASSWORD, or into a file that MXPROBE_INBOX_PASSWORD_FILE names';

/**
 * Reads `maildir:/path`, `imaps://user@host[:993][/Mailbox]` and `imap://user@host[:143][/Mailbox]`; user and mailbox
 * may be percent-encoded (RFC 5092 §3), and a user may have an @. `option` begins what is said of a mistake, which
 * throws `UsageError` and quotes nothing that may be a password.
 */
export function readInbox(option: string, text: string): InboxAddress {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/is.exec(text.trim()) ?? [];
  const read = Object.hasOwn(readers, scheme.toLowerCase()) ? readers[scheme.toLowerCase()] : undefined;
  const address = read?.(rest) ?? `is no mailbox that can be looked into: give ${forms}`;
  if (typeof address === 'string') throw new UsageError(`${option}: the address ${address}`);
  return address;
}

/** What comes after each scheme; a text is the rest of a sentence that says what is wrong. */
const readers: Readonly<Record<string, (rest: string) => InboxAddress | string>> = {
  maildir: readPath,
  imaps: (rest) => readUrl('imaps', rest),
  imap: (rest) => readUrl('imap', rest),
};

function readPath(path: string): InboxAddress | string {
  if (path.startsWith('//')) return 'has slashes too many: write maildir:/home/alice/Maildir';
  if (path === '') return 'has no path: write maildir:/home/alice/Maildir';
  if (path.includes('\0')) return 'has a control character in it: type it anew';
  return { kind: 'maildir', path, shown: `maildir:${visible(path)}` };
}

/** The ports of IMAP with TLS from the first byte (RFC 8314 §7.2) and of that with STARTTLS (RFC 9051 §2.1). */
const ports = { imaps: 993, imap: 143 } as const;

function readUrl(scheme: keyof typeof ports, rest: string): InboxAddress | string {
  const [, authority, folder = ''] = /^\/\/([^/]*)(?:\/(.*))?$/s.exec(rest) ?? [];
  if (authority === undefined) return `is none that can be read: write ${scheme}://user@host/mailbox`;
  const at = authority.lastIndexOf('@');
  // Without an @ before it, a slash may be one of a password: nothing of it is quoted.
  if (at <= 0) return `has no user: write ${scheme}://user@host, and a / in the user as %2F`;
  if (authority.slice(0, at).includes(':')) return `has a password in it: ${passwordPlace}`;
  const user = decoded(authority.slice(0, at));
  const mailbox = decoded(folder.replace(/\/$/, ''));
  if (user === null || mailbox === null) return 'has a % that begins no character: write a % itself as %25';
  if (/\p{C}/u.test(user + mailbox)) return 'has a control or invisible character in it: type it anew';
  const typed = hostPortOf(authority.slice(at + 1));
  if (typed.kind === 'problem') return `has a host, "${brief(authority.slice(at + 1))}", that ${typed.problem}`;
  const { host, port } = typed;
  const place = {
    tls: tlsOf(scheme, host),
    host,
    port: port ?? ports[scheme],
    user,
    mailbox: mailbox === '' ? 'INBOX' : mailbox,
  };
  const shown = `${scheme}://${user}@${hostWithPort(host, place.port)}/${place.mailbox}`;
  return { kind: 'imap', ...place, shown };
}

function tlsOf(scheme: keyof typeof ports, host: string): ImapAddress['tls'] {
  if (scheme === 'imaps') return 'implicit';
  return host === 'localhost' || isLoopbackAddress(host) ? 'if-offered' : 'starttls';
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** What a mailbox is opened with. */
export interface InboxParts {
  /** The password; null where there is none. A maildir needs none. */
  readonly secret: string | null;
  /** PEM of authorities that vouch for the server in place of the usual ones. */
  readonly tlsCa: string | null;
  readonly signal: AbortSignal;
}

/** Opens it, and loads what that needs only now. Throws `UsageError` where it cannot be opened. */
export async function openInbox(address: InboxAddress, { secret, tlsCa, signal }: InboxParts): Promise<Mailbox> {
  if (address.kind === 'maildir') {
    const { openMaildir } = await import('./maildir.ts');
    return await openMaildir(address.path);
  }
  if (secret === null || secret === '') throw new UsageError(`${address.shown} needs a password: ${passwordPlace}`);
  const { openImap } = await import('./imap.ts');
  return await openImap(address, secret, { tlsCa, signal });
}
