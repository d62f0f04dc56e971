import type { ImapFlow, ImapFlowOptions } from 'imapflow';
import { codeOf, connectionWords } from '../model/connection-words.ts';
import { UsageError } from '../model/usage-error.ts';
import { beginningOf, visible } from '../model/visible.ts';
import { foundMail, mostRead, tokensIn } from './found-mail.ts';
import type { FoundMail, Mailbox } from './mailbox.ts';

/** A mailbox on a server that speaks IMAP. */
export interface ImapAddress {
  /** `if-offered`: on this machine itself, where nobody listens in between. */
  readonly tls: 'implicit' | 'starttls' | 'if-offered';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly mailbox: string;
  /** Printable. */
  readonly shown: string;
}

interface ImapOptions {
  readonly tlsCa: string | null;
  readonly signal: AbortSignal;
}

/** In milliseconds. The longest: a server that searches a large mailbox without an index. */
const patience = { connection: 20_000, greeting: 20_000, silence: 60_000 } as const;

/** SEARCH knows days only, and those of the server's own zone (RFC 9051 §6.4.4). */
const twoDays = 2 * 86_400_000;

/**
 * Opens it for reading only (EXAMINE, RFC 9051 §6.3.3). Throws `UsageError` where that fails; `find` rejects with one
 * plain line. Once `signal` aborts, the connection is closed and both reject with its reason.
 */
export async function openImap(address: ImapAddress, secret: string, options: ImapOptions): Promise<Mailbox> {
  const { signal } = options;
  const line = (error: unknown) => `${address.shown}: ${reasonOf(error, secret)}`;
  const since = new Date(Date.now() - twoDays);
  let client = await connected(address, secret, options).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new UsageError(line(error));
  });
  const stop = () => client.close();
  signal.addEventListener('abort', stop);

  const find = async (token: string): Promise<FoundMail | null> => {
    signal.throwIfAborted();
    try {
      return await findBy(client, token, since);
    } catch (error) {
      signal.throwIfAborted();
      if (client.usable) throw error;
    }
    client = await connected(address, secret, options);
    return await findBy(client, token, since);
  };
  return {
    find: (token) =>
      find(token).catch((error: unknown) => {
        signal.throwIfAborted();
        throw new Error(line(error));
      }),
    [Symbol.asyncDispose]: async () => {
      signal.removeEventListener('abort', stop);
      await client[Symbol.asyncDispose]();
    },
  };
}

/** Logged in, with the mailbox open. */
async function connected(address: ImapAddress, secret: string, options: ImapOptions): Promise<ImapFlow> {
  options.signal.throwIfAborted();
  const { ImapFlow } = await import('imapflow');
  const client = new ImapFlow(settings(address, secret, options.tlsCa));
  // What goes wrong is told by the call that it fails; this event comes besides.
  client.on('error', () => {});
  const stop = () => client.close();
  options.signal.addEventListener('abort', stop);
  try {
    await client.connect();
    await client.mailboxOpen(address.mailbox, { readOnly: true });
    options.signal.throwIfAborted();
    return client;
  } catch (error) {
    client.close();
    throw error;
  } finally {
    options.signal.removeEventListener('abort', stop);
  }
}

function settings(address: ImapAddress, secret: string, tlsCa: string | null): ImapFlowOptions {
  const { host, port, tls, user } = address;
  return {
    host,
    port,
    secure: tls === 'implicit',
    ...(tls === 'starttls' ? { doSTARTTLS: true } : {}),
    auth: { user, pass: secret },
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(tlsCa === null ? {} : { ca: tlsCa }) },
    logger: false,
    disableAutoIdle: true,
    disableCompression: true,
    clientInfo: { name: 'mxprobe', version: false, vendor: false, 'support-url': false },
    connectionTimeout: patience.connection,
    greetingTimeout: patience.greeting,
    socketTimeout: patience.silence,
    maxLineLength: 1_000_000,
    maxLiteralSize: 2 * mostRead,
    maxResponseSize: 4 * mostRead,
  };
}

/** SEARCH finds a token inside of others as well: the newest message is taken that has it alone. */
async function findBy(client: ImapFlow, token: string, since: Date): Promise<FoundMail | null> {
  // What has arrived is told with it (RFC 9051 §6.1.2).
  await client.noop();
  const found = await client.search({ since, header: { 'X-Mxprobe-Token': token } }, { uid: true });
  if (!Array.isArray(found)) throw new Error('the server does not search the mailbox');
  for (const uid of found.toSorted((a, b) => b - a)) {
    const mail = await fetched(client, uid);
    if (mail !== null && tokensIn(mail).includes(token)) return mail;
  }
  return null;
}

/** By BODY.PEEK, which marks nothing as seen (RFC 9051 §6.4.5). Null where it is gone meanwhile. */
async function fetched(client: ImapFlow, uid: number): Promise<FoundMail | null> {
  const query = { internalDate: true, source: { start: 0, maxLength: mostRead } };
  const message = await client.fetchOne(String(uid), query, { uid: true });
  if (message === false || message.source === undefined) return null;
  return foundMail(message.source, new Date(message.internalDate ?? Date.now()));
}

/** What the library says of a failure, besides the words of the server. */
interface Failure {
  readonly message?: unknown;
  readonly authenticationFailed?: unknown;
  readonly responseText?: unknown;
}

/** Characters of an answer that are shown. */
const mostShown = 200;

const wordsOfCodes: Readonly<Record<string, string>> = {
  CONNECT_TIMEOUT: 'cannot be reached',
  GREETING_TIMEOUT: 'does not greet',
  UPGRADE_TIMEOUT: 'does not end the TLS handshake',
  ETIMEOUT: 'does not answer',
  NoConnection: 'broke the connection',
  EConnectionClosed: 'broke the connection',
  ClosedAfterConnectText: 'broke the connection',
  ClosedAfterConnectTLS: 'broke the connection',
  StateLogout: 'broke the connection',
};

/** One printable line, without the password. */
function reasonOf(error: unknown, secret: string): string {
  const { message, authenticationFailed, responseText } = error as Failure;
  const clean = (text: unknown) => visible(beginningOf(String(text).replaceAll(secret, '…').trim(), mostShown));
  const said = responseText === undefined || responseText === '' ? '' : `: ${clean(responseText)}`;
  if (authenticationFailed === true)
    return `the server refuses user or password${said}; check both, the password is in MXPROBE_INBOX_PASSWORD`;
  if (said !== '') return `the server refuses${said}`;
  const code = codeOf(error);
  if (Object.hasOwn(wordsOfCodes, code)) return `the server ${wordsOfCodes[code]}`;
  const words = code === '' ? '' : connectionWords(code);
  return words === '' || words.startsWith('could not be asked') ? clean(message) : `the server ${words}`;
}
