import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { unmapped } from '../model/address.ts';
import { visible } from '../model/visible.ts';
import { fieldsOf, valuesOf } from './header.ts';
import type { Taken } from './results.ts';
import { isToken } from './token.ts';

export interface SinkOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Its MX leads here. */
  readonly domain: string;
  /** Shared with the scans that make tokens. */
  readonly secret: string;
  /** Messages that it takes in all; then it says 452. */
  readonly most: number;
  readonly onMail: (mail: Taken) => void;
  /** PEM, for STARTTLS; without it what the library has for tests is shown. */
  readonly tls?: { readonly key: string; readonly cert: string } | null;
}

export interface RunningSink extends AsyncDisposable {
  readonly port: number;
}

/** Octets of a message (RFC 1870): ours have less than 1,000, a bounce that quotes one a few thousand. */
const sizeLimit = 65_536;
const connectionsAtOnce = 20;
const receivedKept = 30;

/**
 * A receiver that takes mail for its own tokens and for nothing else: 550 to any other recipient, no AUTH, no relaying,
 * for there is no code here that sends. Of a message it keeps envelope, trace and who handed it in, not the body.
 * Rejects where it cannot listen.
 */
export async function startSink(options: SinkOptions): Promise<RunningSink> {
  const { host, port, domain, secret, most, onMail, tls = null } = options;
  let taken = 0;
  const server = new SMTPServer({
    name: domain,
    banner: 'mxprobe sink',
    size: sizeLimit,
    maxClients: connectionsAtOnce,
    disabledCommands: ['AUTH'],
    authOptional: true,
    disableReverseLookup: true,
    hidePIPELINING: false,
    socketTimeout: 60_000,
    closeTimeout: 500,
    logger: false,
    ...tls,
    onRcptTo({ address }, _session, answer) {
      if (taken >= most) return answer(refusal(452, `4.3.1 this sink has had its ${most} messages`));
      if (tokenIn(address, domain, secret) === null)
        return answer(refusal(550, '5.7.1 Relay access denied: this sink takes its own tokens alone'));
      answer();
    },
    onData(stream, session, answer) {
      headerOf(stream).then((header) => {
        if (stream.sizeExceeded) return answer(refusal(552, `5.3.4 over ${sizeLimit} octets`));
        for (const token of tokensOf(session, domain, secret)) {
          taken += 1;
          onMail(takenFrom(session, token, header));
        }
        answer();
      }, answer);
    },
  });
  // What a peer's octets do to a connection is no fault of the sink's.
  server.on('error', () => {});
  await new Promise<void>((listening, failed) => {
    server.server.once('error', failed);
    server.listen(port, host, () => {
      server.server.off('error', failed);
      listening();
    });
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => new Promise((closed) => server.close(() => closed())),
  };
}

const refusal = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode });

/** The token that an address of this sink holds; null where it is somebody else's, or holds none. */
function tokenIn(address: string, domain: string, secret: string): string | null {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at).toLowerCase();
  if (address.slice(at + 1).toLowerCase() !== domain.toLowerCase()) return null;
  return isToken(secret, local, new Date()) ? local : null;
}

const tokensOf = ({ envelope }: SMTPServerSession, domain: string, secret: string): string[] =>
  envelope.rcptTo.map(({ address }) => tokenIn(address, domain, secret)).filter((token) => token !== null);

/** Everything is read, the header is kept: of it, what `sizeLimit` leaves. */
async function headerOf(stream: SMTPServerDataStream): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    if (size < sizeLimit) pieces.push(piece);
    size += piece.length;
  }
  return Buffer.concat(pieces).subarray(0, sizeLimit).toString('latin1');
}

function takenFrom(session: SMTPServerSession, token: string, header: string): Taken {
  const { envelope, remoteAddress, hostNameAppearsAs, secure, tlsOptions } = session;
  const sender = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
  const fields = fieldsOf(header);
  return {
    token,
    at: new Date().toISOString(),
    peer: unmapped(remoteAddress),
    helo: visible(hostNameAppearsAs || '').slice(0, 255),
    sender: visible(sender).slice(0, 320),
    recipient: `${token}@${session.envelope.rcptTo[0]?.address.split('@').at(-1) ?? ''}`,
    tls: secure ? tlsVersionOf(tlsOptions) : null,
    received: valuesOf(fields, 'received').slice(0, receivedKept),
    authentication: valuesOf(fields, 'authentication-results').slice(0, receivedKept),
  };
}

/** The library says `false` or what `TLSSocket.getCipher()` gave. */
const tlsVersionOf = (cipher: unknown): string =>
  typeof cipher === 'object' && cipher !== null && 'version' in cipher ? String(cipher.version) : 'TLS';
