import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { connectionWords } from '../model/connection-words.ts';
import type { MailServer } from '../monitor/config/config.ts';
import type { NotifyParts } from './parts.ts';
import { answerOf } from './unsaid.ts';

interface Letter {
  readonly server: MailServer;
  readonly password: string | null;
  /** Envelope sender and recipients. */
  readonly from: string;
  readonly to: readonly string[];
  readonly mail: Buffer;
}

interface Handed {
  /** Recipients that the server does not take, while it took others. */
  readonly rejected: readonly string[];
  /** What it said of the first of them, behind a colon. */
  readonly why: string;
}

/** In milliseconds: until the server greets, for an answer, and for all of it. */
const mailPatience = { greeting: 10_000, silence: 20_000, whole: 60_000 };

/**
 * Hands a mail in, over TLS from the first octet or after STARTTLS, never without. Rejects where the server takes it
 * for nobody, with a reason that has no secret in it.
 */
export async function handIn(letter: Letter, { hostname, ca }: NotifyParts, signal: AbortSignal): Promise<Handed> {
  const { server, password, from, to, mail } = letter;
  const connection = new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.tls === 'implicit',
    requireTLS: server.tls === 'starttls',
    name: hostname,
    connectionTimeout: mailPatience.greeting,
    dnsTimeout: mailPatience.greeting,
    greetingTimeout: mailPatience.greeting,
    socketTimeout: mailPatience.silence,
    tls: { minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) },
  });
  const late = AbortSignal.timeout(mailPatience.whole);
  const ended = endOf(connection, AbortSignal.any([signal, late]));
  const step = <T>(begin: (done: (error: unknown, value?: T) => void) => void): Promise<T | undefined> =>
    Promise.race([
      ended,
      new Promise<T | undefined>((resolve, reject) => {
        begin((error, value) => (error ? reject(error) : resolve(value)));
      }),
    ]);
  try {
    await step((done) => connection.connect(done));
    if (server.user !== null) {
      const credentials = { user: server.user, pass: password ?? '' };
      await step((done) => connection.login({ ...credentials, credentials }, done));
    }
    const sent = await step<Sent>((done) => connection.send({ from, to: [...to] }, mail, done));
    connection.quit();
    const [first] = sent?.rejectedErrors ?? [];
    return { rejected: sent?.rejected ?? [], why: answerOf(first?.response ?? '', secretsOf(letter)) };
  } catch (error) {
    connection.close();
    throw new Error(`${server.host}:${server.port} ${whyNot(error, { signal, late }, letter)}`);
  }
}

interface Sent {
  readonly rejected: readonly string[];
  readonly rejectedErrors?: readonly { readonly response?: string | undefined }[] | undefined;
}

/** Never resolves; rejects when it takes too long, is stopped, or the connection breaks between two steps. */
function endOf(connection: SMTPConnection, both: AbortSignal): Promise<never> {
  const ended = new Promise<never>((_, reject) => {
    connection.on('error', reject);
    both.addEventListener('abort', () => reject(new Error('ended')), { once: true });
    if (both.aborted) reject(new Error('ended'));
  });
  ended.catch(() => {});
  return ended;
}

interface Signals {
  readonly signal: AbortSignal;
  readonly late: AbortSignal;
}

/** The rest of a sentence that begins with the server. */
function whyNot(error: unknown, { signal, late }: Signals, letter: Letter): string {
  if (signal.aborted) return 'was not asked to the end: it was stopped';
  if (late.aborted) return `was not done within ${mailPatience.whole / 1000} s`;
  const {
    code = '',
    originalCode = '',
    response = '',
  } = error as {
    readonly code?: string;
    readonly originalCode?: string;
    readonly response?: string;
  };
  const said = answerOf(response, secretsOf(letter));
  return `${words[code] ?? connectionWords(originalCode === '' ? code : originalCode)}${said}`;
}

/** As nodemailer calls what went wrong. */
const words: Readonly<Record<string, string>> = {
  EAUTH: 'does not take the user and the password',
  EENVELOPE: 'does not take the sender or the recipients',
  EMESSAGE: 'does not take the mail',
  ETIMEDOUT: 'does not answer in time',
  EPROTOCOL: 'does not answer as a mail server does',
  ETLS: 'does not come to TLS, and without it nothing is sent',
  EDNS: 'is a name that leads nowhere',
};

/** Beside the password itself what AUTH PLAIN makes of it (RFC 4616 §2). */
function secretsOf({ server: { user }, password }: Letter): string[] {
  return password === null ? [] : [password, `\0${user ?? ''}\0${password}`];
}
