import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { Trouble } from '../model/trouble.ts';
import { brokenHandshake } from './handshake-trouble.ts';
import { settled } from './tcp.ts';

/** One version of TLS, as Node names it. */
export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** How to shake hands, where that differs from what most clients do. */
export interface HandshakeWay {
  /** This version only. */
  readonly version?: TlsVersion | undefined;
  /** Offer suites without a certificate too (`aNULL`), as MTAs do: TLS 1.2 at most has them. */
  readonly anonymous?: boolean | undefined;
  /** Send no name (SNI), as Postfix's client does. */
  readonly nameless?: boolean | undefined;
}

export interface HandshakeParts extends HandshakeWay {
  readonly host: string;
  readonly tlsCa: string | null;
  readonly seconds: number;
  readonly signal: AbortSignal | null;
}

/**
 * Any version that the runtime's OpenSSL can speak, any cipher that names a server, and the host's name where it has
 * one; the certificate is data.
 */
export async function shakeHands(plain: Socket, parts: HandshakeParts): Promise<TLSSocket | Trouble> {
  const { host, tlsCa, seconds, signal, nameless = false } = parts;
  const isNamed = isIP(host) === 0 && !nameless;
  const heardBefore = plain.bytesRead;
  const secured = connect({
    socket: plain,
    rejectUnauthorized: false,
    // Whether the name fits is for judges to say: the chain alone makes `trusted`.
    checkServerIdentity: () => undefined,
    secureContext: contextFor(parts, tlsCa),
    ...(isNamed ? { servername: host } : {}),
  });
  const failure = await settled(secured, 'secureConnect', seconds, signal);
  if (failure === null) return secured;
  secured.destroy();
  return brokenHandshake(failure, plain.bytesRead - heardBefore, seconds, isNamed);
}

/** Making a context costs milliseconds and memory: one for each way and CA bundle serves all connections. */
const contexts = new Map<string, SecureContext>();

function contextFor({ version, anonymous = false }: HandshakeWay, tlsCa: string | null): SecureContext {
  const key = `${version} ${anonymous} ${tlsCa}`;
  const known = contexts.get(key);
  if (known !== undefined) return known;
  const context = createSecureContext({
    minVersion: version ?? 'TLSv1',
    ...(version === undefined ? {} : { maxVersion: version }),
    ciphers: anonymous ? 'ALL:@SECLEVEL=0' : 'DEFAULT:@SECLEVEL=0',
    ...(tlsCa === null ? {} : { ca: tlsCa }),
  });
  contexts.set(key, context);
  return context;
}
