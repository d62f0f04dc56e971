import { randomBytes } from 'node:crypto';
import type { Arrival } from '../model/arrival.ts';
import { hostPortOf } from '../model/host-port.ts';
import type { SinkSource } from '../model/receiving.ts';
import { UsageError } from '../model/usage-error.ts';
import { whyNot } from '../model/why-not.ts';
import { deliveredBy } from '../proof/delivered.ts';
import { openInbox, readInbox } from '../proof/read-inbox.ts';
import { makeToken } from '../proof/token.ts';
import { domain } from '../scan/option-values.ts';
import type { ScanOptions } from '../scan/options.ts';
import type { CommandLine } from './arguments.ts';
import { readOptionFile } from './files.ts';
import { heloOf } from './helo.ts';
import type { Io } from './io.ts';

/** Where mail of a scan may come out, as its command line says; disposing closes what listens. */
export type Receivers = Pick<ScanOptions, 'sink' | 'inbox'> & AsyncDisposable;

const shortestSecret = 16;
const secretName = 'MXPROBE_SINK_SECRET';
const passwordName = 'MXPROBE_INBOX_PASSWORD';

/** Reads and opens them. Throws `UsageError`. */
export async function openReceivers(
  given: CommandLine,
  io: Pick<Io, 'env' | 'hostname'>,
  tlsCa: string | null,
): Promise<Receivers> {
  const mailbox = await openMailbox(given, io, tlsCa);
  try {
    const { sink, close } = await openSink(given, io);
    const closeAll = async () => {
      await close();
      await mailbox?.[Symbol.asyncDispose]();
    };
    return { sink, inbox: mailbox, [Symbol.asyncDispose]: closeAll };
  } catch (error) {
    await mailbox?.[Symbol.asyncDispose]();
    throw error;
  }
}

/** Null where none is named. */
async function openMailbox(given: CommandLine, { env }: Pick<Io, 'env'>, tlsCa: string | null) {
  const address = given.one('inbox', readInbox);
  if (address === null) return null;
  const secret = await secretOf(passwordName, env);
  const stopped = new AbortController();
  const mailbox = await openInbox(address, { secret, tlsCa, signal: stopped.signal });
  return {
    shown: address.shown,
    find: async (token: string) => {
      const found = await mailbox.find(token);
      return found === null ? null : deliveredBy(found);
    },
    [Symbol.asyncDispose]: () => mailbox[Symbol.asyncDispose](),
  };
}

interface OpenSink {
  readonly sink: SinkSource | null;
  readonly close: () => Promise<void>;
}

async function openSink(given: CommandLine, io: Pick<Io, 'env' | 'hostname'>): Promise<OpenSink> {
  const where = given.one('sink', (_, text) => text);
  const stray = ['sink-domain', 'sink-listen'].find((name) => where !== 'embedded' && given.has(name));
  if (stray !== undefined) throw new UsageError(`--${stray} is for --sink embedded: give that too, or leave it out`);
  if (where === null) return { sink: null, close: async () => {} };
  if (where === 'embedded') return await embedded(given, io);
  const secret = await sinkSecret(io);
  return { sink: await elsewhere(where, secret), close: async () => {} };
}

/** What `mxprobe sink` and the scans that ask it share. */
export async function sinkSecret({ env }: Pick<Io, 'env'>): Promise<string> {
  const secret = await secretOf(secretName, env);
  if (secret.length >= shortestSecret) return secret;
  const what = secret === '' ? 'is not set' : `has ${secret.length} characters, and needs ${shortestSecret}`;
  throw new UsageError(
    `${secretName} ${what}: sink and scan share it, in the environment or in a file that ${secretName}_FILE names; openssl rand -hex 16 makes one`,
  );
}

/** From the environment, or from the file that it names there. Throws `UsageError` where that cannot be read. */
async function secretOf(name: string, env: Io['env']): Promise<string> {
  const file = env[`${name}_FILE`] ?? '';
  return (file === '' ? (env[name] ?? '') : await readOptionFile(`${name}_FILE`, file)).trim();
}

/** Where a sink listens: `:25`, `192.0.2.1:25`, `[::1]:2525`. */
export function listenAddress(option: string, text: string): { readonly host: string; readonly port: number } {
  const whole = text.startsWith(':') ? `0.0.0.0${text}` : text;
  const read = hostPortOf(whole);
  if (read.kind === 'problem') throw new UsageError(`${option}: "${text}" ${read.problem}`);
  if (read.kind === 'name' && read.host !== 'localhost')
    throw new UsageError(`${option}: "${text}" names a host: give an address of this machine, or :25 for all of them`);
  return { host: read.kind === 'name' ? '127.0.0.1' : read.host, port: read.port ?? 25 };
}

async function embedded(given: CommandLine, { hostname }: Pick<Io, 'hostname'>): Promise<OpenSink> {
  // Mail for a name without an MX goes to its address (RFC 5321 §5.1): this machine's own name will do.
  const own = heloOf(hostname);
  const name = given.one('sink-domain', domain) ?? given.one('helo', domain) ?? (own.note === null ? own.name : null);
  if (name === null)
    throw new UsageError('--sink embedded: name a domain whose mail comes to this machine with --sink-domain');
  const listen = given.one('sink-listen', listenAddress) ?? { host: '0.0.0.0', port: 25 };
  const secret = randomBytes(16).toString('hex');
  const arrivals = new Map<string, Arrival>();
  const { startSink } = await import('../proof/sink.ts');
  const running = await startSink({
    ...listen,
    domain: name,
    secret,
    most: 100,
    onMail: ({ token, ...arrival }) => arrivals.set(token, arrival),
  }).catch((error: unknown) => {
    throw new UsageError(
      `--sink-listen: cannot listen on ${listen.host} port ${listen.port}: ${whyNot(error)}; name another with --sink-listen`,
    );
  });
  const host = listen.host === '0.0.0.0' ? '127.0.0.1' : listen.host;
  return {
    sink: {
      shown: `the sink of ${name} here`,
      domain: name,
      mint: minter(secret),
      at: listen.port === 25 ? null : { address: host, port: running.port },
      arrivals: async () => arrivals,
    },
    close: async () => await running[Symbol.asyncDispose](),
  };
}

const minter = (secret: string) => (about: string) => makeToken(secret, { about, at: new Date() });

/** The results of a sink that runs somewhere else: a file, or one that a web server hands out. */
async function elsewhere(where: string, secret: string): Promise<SinkSource> {
  const isUrl = /^[a-z]+:\/\//i.test(where);
  if (isUrl && !/^https:\/\//i.test(where))
    throw new UsageError(`--sink: "${where}" is no place for results: give https://…, a file, or embedded`);
  const read = isUrl ? () => fetched(where) : () => readOptionFile('--sink', where);
  const { readResults } = await import('../proof/read-results.ts');
  const results = async () => {
    const found = readResults(await read());
    if ('problem' in found) throw new UsageError(`--sink: "${where}" ${found.problem}: name the file that it writes`);
    return found;
  };
  const { domain: name } = await results();
  return {
    shown: `the sink of ${name}`,
    domain: name,
    mint: minter(secret),
    at: null,
    arrivals: async () => new Map((await results()).taken.map(({ token, ...arrival }) => [token, arrival])),
  };
}

/** Octets of results that are read: 100 messages have a tenth of that. */
const mostRead = 4_194_304;
const patience = 10_000;

async function fetched(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(patience) });
    if (!answer.ok) throw new Error(`it answers ${answer.status}`);
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of answer.body ?? []) {
      size += piece.length;
      if (size > mostRead) throw new Error(`it has over ${mostRead} octets`);
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    throw new UsageError(`--sink: ${url} cannot be read: ${whyNot(cause ?? error)}`);
  }
}
