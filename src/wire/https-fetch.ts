import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { Socket } from 'node:net';
import { checkServerIdentity, connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { Answered, FetchedFile } from '../model/lookup.ts';
import { isPublicAddress } from '../model/vantage.ts';
import { visible } from '../model/visible.ts';
import { Deadline } from './deadline.ts';
import { brokenHandshake } from './handshake-trouble.ts';
import { openTcp, settled } from './tcp.ts';

export interface HttpsOptions {
  /** The scan's own resolver: what it says is checked, and is what is connected to. */
  readonly ask: (name: string, type: 'A' | 'AAAA') => Promise<Answered<'A' | 'AAAA'>>;
  /** PEM of the authorities to trust; null for the runtime's own. */
  readonly tlsCa: string | null;
  /** Whether loopback and private addresses may be connected to. */
  readonly mayBePrivate: boolean;
  readonly signal: AbortSignal | null;
  /** Default 443, the only one of RFC 8461; for tests. */
  readonly port?: number;
  /** Seconds for all but DNS, default 10: RFC 8461 §3.3 lets senders take a minute. */
  readonly seconds?: number;
}

type Failed = Extract<FetchedFile, { kind: 'failed' }>;

/** RFC 8461 §3.3. */
const bodyLimit = 64 * 1024;
const headerLimit = 16 * 1024;
/** What may come in all, 1xx answers and the sizes of chunks included. */
const octetsLimit = 2 * bodyLimit;
/** An address that drops packets must leave time for the next. */
const connectSeconds = 3;
const addressesTried = 4;
const shownOfHeader = 300;

/**
 * GET of one file, by the rules of RFC 8461 §3.3: the certificate valid for that very name (a DNS name in it, not the
 * common name) by the roots of the web, no redirects, bounded in time and size. Nothing rejects; `url` is an https URL
 * without a port.
 */
export async function fetchByHttps(url: string, options: HttpsOptions): Promise<FetchedFile> {
  const { ask, mayBePrivate, seconds = 10 } = options;
  const { hostname } = new URL(url);
  const found = await addressesOf(hostname, ask);
  if ('why' in found) return found;
  const usable = mayBePrivate ? found : found.filter(isPublicAddress);
  if (usable.length === 0) return failed('private', `${hostname} leads to ${found.slice(0, 3).join(', ')}, not public`);

  const deadline = new Deadline(seconds);
  const plain = await firstToConnect(usable.slice(0, addressesTried), options, deadline);
  if ('why' in plain) return plain;
  const secured = await secure(plain, hostname, options, deadline);
  return 'why' in secured ? secured : get(url, secured, deadline, options.signal);
}

const failed = (why: Failed['why'], because: string): Failed => ({ kind: 'failed', why, because });

/** IPv6 and IPv4 in turn. */
async function addressesOf(host: string, ask: HttpsOptions['ask']): Promise<readonly string[] | Failed> {
  const answers = await Promise.all([ask(host, 'AAAA'), ask(host, 'A')]);
  const [six = [], four = []] = answers.map(({ kind, records }) => (kind === 'found' ? records : []));
  const rows = Array.from({ length: Math.max(six.length, four.length) }, (_, row) => [six[row], four[row]]);
  const found = rows.flat().filter((address) => address !== undefined);
  if (found.length > 0) return found;
  const untold = answers.find(({ kind }) => kind === 'failed');
  if (untold !== undefined)
    return failed('dns-failed', `no answer for ${host}: ${untold.because ?? 'no reason given'}`);
  const isBogus = answers.some(({ kind }) => kind === 'bogus');
  return failed(
    'no-address',
    isBogus ? `DNSSEC does not vouch for the addresses of ${host}` : `${host} has no address`,
  );
}

async function firstToConnect(
  addresses: readonly string[],
  { signal, port = 443 }: HttpsOptions,
  deadline: Deadline,
): Promise<Socket | Failed> {
  const met: string[] = [];
  for (const address of addresses) {
    const socket = await openTcp(address, port, deadline.within(connectSeconds), signal);
    if (!('doubt' in socket)) return socket;
    met.push(`${address}: ${socket.because}`);
  }
  return failed('unreachable', met.join('; '));
}

async function secure(
  plain: Socket,
  host: string,
  { tlsCa, signal }: HttpsOptions,
  deadline: Deadline,
): Promise<TLSSocket | Failed> {
  const secured = connect({
    socket: plain,
    servername: host,
    ALPNProtocols: ['http/1.1'],
    // A certificate that does not hold is an answer, and has its own words.
    rejectUnauthorized: false,
    checkServerIdentity: fitsByDnsName,
    ...(tlsCa === null ? {} : { ca: tlsCa }),
  });
  const failure = await settled(secured, 'secureConnect', deadline.remaining(), signal);
  if (failure === null && secured.authorized) return secured;
  const answer = failure === null ? distrusted(secured, host) : broken(failure, plain.bytesRead, deadline.seconds);
  secured.destroy();
  return answer;
}

/** RFC 8461 §4.2 wants a DNS name; without one, Node would look at the common name. */
function fitsByDnsName(host: string, certificate: PeerCertificate): Error | undefined {
  if (/(^|, )DNS:/.test(certificate.subjectaltname ?? '')) return checkServerIdentity(host, certificate);
  return Object.assign(new Error('no DNS name'), { code: wrongName });
}

const wrongName = 'ERR_TLS_CERT_ALTNAME_INVALID';

function distrusted(secured: TLSSocket, host: string): Failed {
  const reason = visible(String(secured.authorizationError));
  if (reason !== wrongName)
    return failed('certificate', `the certificate of ${host} ${distrust[reason] ?? `does not hold: ${reason}`}`);
  const names = secured.getPeerCertificate().subjectaltname ?? '';
  return failed('certificate', `the certificate is not for ${host} but for ${brief(names) ?? 'no name at all'}`);
}

/** OpenSSL's reasons (`X509_V_ERR_…`). */
const distrust: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired, or one above it',
  CERT_NOT_YET_VALID: 'is not valid yet, or one above it',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is signed by nobody but itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'leads to a root that is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'leads to an issuer that is neither sent nor trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'comes without that of its issuer, which is not known here',
};

/** What a handshake met: silence, resets and hang-ups may be the doing of anything on the way, and the rest may not. */
function broken(code: string, heard: number, seconds: number): Failed {
  const { cause, because } = brokenHandshake(code, heard, seconds);
  if (cause === 'silence') return failed('late', because);
  return failed(['reset', 'hang-up', 'stopped'].includes(cause) ? 'unreachable' : 'broken', because);
}

function get(url: string, secured: TLSSocket, deadline: Deadline, signal: AbortSignal | null): Promise<FetchedFile> {
  return new Promise((resolve) => {
    const end = (answer: FetchedFile) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      secured.destroy();
      resolve(answer);
    };
    const onAbort = () => end(failed('unreachable', 'the scan was ended'));
    const timer = setTimeout(
      () => end(failed('late', `not whole within ${deadline.seconds} s`)),
      deadline.remaining() * 1000,
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted) return onAbort();

    let octets = 0;
    let answer: IncomingMessage | undefined;
    request(url, {
      createConnection: () => secured,
      maxHeaderSize: headerLimit,
      headers: { host: new URL(url).hostname, 'user-agent': 'mxprobe', accept: 'text/plain' },
    })
      .once('socket', (socket) => {
        socket.on('data', (chunk: Buffer) => {
          octets += chunk.length;
          if (octets > octetsLimit) end(failed('too-large', `over ${octetsLimit / 1024} kB came in all`));
        });
      })
      .once('response', (response) => {
        answer = response;
        readAnswer(response, end);
      })
      // What comes behind a whole answer is nobody's business.
      .on('error', (error) => answer?.complete === true || end(notHttp(error)))
      .once('close', () => end(failed('broken', 'the connection ended before the answer')))
      .end();
  });
}

/** Only a 200 counts (RFC 8461 §3.3): what else there is says all with its first lines. */
function readAnswer(response: IncomingMessage, end: (answer: FetchedFile) => void): void {
  const { statusCode: status = 0, headers } = response;
  const { 'content-type': type, 'content-encoding': packed = 'identity', location } = headers;
  const head = { kind: 'fetched', status, contentType: brief(type), location: brief(location) } as const;
  if (status !== 200) end({ ...head, body: '' });
  else if (packed.toLowerCase() === 'identity') readBody(response, (body) => end({ ...head, body }), end);
  else end(failed('broken', `it comes packed (${brief(packed)}), which was not asked for`));
}

function readBody(response: IncomingMessage, whole: (body: string) => void, end: (answer: Failed) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response
    .on('data', (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > bodyLimit) end(failed('too-large', `over ${bodyLimit / 1024} kB`));
    })
    .once('end', () => whole(linesOf(Buffer.concat(chunks))))
    .on('error', () => end(failed('broken', 'the connection ended in the middle of the file')));
}

function notHttp(error: NodeJS.ErrnoException): Failed {
  if (error.code === 'HPE_HEADER_OVERFLOW') return failed('too-large', `a header of over ${headerLimit / 1024} kB`);
  const ended = error.code === 'ECONNRESET' || error.code === 'EPIPE';
  return failed(
    'broken',
    ended ? 'the connection ended before the answer' : `no HTTP: ${visible(error.code ?? error.message)}`,
  );
}

/** Tabs and ends of lines as they came, all else printable. */
const linesOf = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .split(/(\t|\r?\n)/)
    .map((piece, index) => (index % 2 === 1 ? piece : shown(Buffer.from(piece, 'latin1'))))
    .join('');

/** A line that is not UTF-8 has every octet above ASCII escaped. */
const shown = (line: Buffer): string =>
  isUtf8(line)
    ? visible(line)
    : visible(line.toString('latin1').replace(/[\x80-\xff]/g, (octet) => `\\x${octet.charCodeAt(0).toString(16)}`));

/** A header's value, printable and cut where it is long; null for none. */
function brief(value: string | undefined): string | null {
  const text = visible(value ?? '');
  return text === '' ? null : text.slice(0, shownOfHeader);
}
