import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createSecureContext, type SecureContextOptions, TLSSocket } from 'node:tls';
import { type RawAnswer, type ReadHello, readHello } from './raw-tls.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../fixtures/certificates/${name}.pem`, import.meta.url), 'utf8');
const intermediate = fixture('intermediate.cert');

/** The root that the certificates of `test/fixtures/certificates` lead to. */
export const testRoot = fixture('root.cert');

/** A certificate of `test/fixtures/certificates` as PEM. */
export const certificatePem = (name: string): string => fixture(`${name}.cert`);

/** What a server shows: a certificate of the fixtures with its key, and the intermediate unless told otherwise. */
export function shows(name: string, { chain = true } = {}): SecureContextOptions {
  const cert = fixture(`${name}.cert`);
  return { cert: chain ? cert + intermediate : cert, key: fixture(`${name}.key`) };
}

export interface TlsMtaOptions extends SecureContextOptions {
  readonly implicit?: boolean;
  /** EHLO lists it, and the command is answered with this. */
  readonly starttlsAnswer?: string;
  /** Said in clear right behind the 220 to STARTTLS. */
  readonly behind220?: string;
  /**
   * What becomes of commands behind STARTTLS: `dropped`, or run inside TLS, or in clear; `refused` where there are any.
   */
  readonly injected?: 'dropped' | 'inside' | 'clear' | 'clear, late' | 'refused';
  /** Said inside TLS without being asked. */
  readonly insideGreeting?: string;
  /** A ClientHello of these versions is answered by closing the connection. */
  readonly closesOn?: 'old' | 'every' | 'every-but-first';
  /** What becomes of a ClientHello; `handshake` is as ever. */
  readonly answers?: (hello: ReadHello) => RawAnswer;
  /** MAIL from before STARTTLS still counts inside. */
  readonly remembers?: boolean;
}

export interface TlsMta extends AsyncDisposable {
  readonly port: number;
  connections(): number;
  handshakes(): number;
}

/** An MTA on loopback whose TLS may be wrong in all the ways that the probes of it look for. */
export async function startTlsMta({
  implicit = false,
  injected = 'dropped',
  ...options
}: TlsMtaOptions): Promise<TlsMta> {
  const { starttlsAnswer, behind220, insideGreeting, closesOn, answers, remembers = false, ...context } = options;
  const secureContext = createSecureContext({ ciphers: 'DEFAULT:@SECLEVEL=0', minVersion: 'TLSv1.2', ...context });
  const sockets = new Set<Socket>();
  let taken = 0;
  let hellos = 0;

  const server = createServer({ noDelay: true }, (raw) => {
    taken += 1;
    sockets.add(raw);
    raw.on('close', () => sockets.delete(raw));
    raw.on('error', () => raw.destroy());
    let socket: Socket = raw;
    let heard = '';
    let inside = false;
    let mail = false;
    const say = (text: string) => socket.write(`${text}\r\n`);

    const secure = () => {
      raw.removeAllListeners('data');
      raw.once('data', (hello: Buffer) => {
        hellos += 1;
        const old = hello.readUInt16BE(9) < 0x0303;
        if (closesOn === 'every' || (closesOn === 'old' && old) || (closesOn === 'every-but-first' && hellos > 1)) {
          return raw.destroy();
        }
        const answer = answers?.(readHello(hello)) ?? 'handshake';
        if (answer === 'silence') return;
        if (answer === 'hang up') return raw.destroy();
        if (answer !== 'handshake') return raw.end(answer);
        raw.pause();
        raw.unshift(hello);
        const secured = new TLSSocket(raw, { isServer: true, secureContext });
        secured.on('error', () => raw.destroy());
        secured.once('secure', () => {
          socket = secured;
          inside = true;
          mail &&= remembers;
          listen();
          if (implicit) say('220 mx.example.test ESMTP');
          else if (insideGreeting !== undefined) say(insideGreeting);
          run();
        });
      });
    };

    const starttls = (rest: string): 'TLS' | 'on' => {
      if (starttlsAnswer !== undefined) say(starttlsAnswer);
      else if (rest !== '' && injected === 'refused') say('554 5.5.0 Error: SMTP protocol synchronization');
      else {
        say(`220 2.0.0 Ready to start TLS${behind220 === undefined ? '' : `\r\n${behind220}`}`);
        if (injected === 'clear') run();
        if (injected === 'clear, late' && heard !== '') {
          raw.pause();
          // Two turns of the event loop: the client has met the 220 by then.
          setImmediate(() =>
            setImmediate(() => {
              run();
              secure();
              raw.resume();
            }),
          );
          return 'TLS';
        } else if (injected !== 'inside') heard = '';
        secure();
        return 'TLS';
      }
      return 'on';
    };

    const answer = (line: string): 'TLS' | 'on' => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'STAR' && !inside) return starttls(heard);
      if (verb === 'MAIL') mail = true;
      if (verb === 'RSET' || verb === 'EHLO') mail = false;
      if (verb === 'EHLO')
        say(`250-mx.example.test\r\n${inside || implicit ? '' : '250-STARTTLS\r\n'}250-PIPELINING\r\n250 8BITMIME`);
      else if (verb === 'RCPT') say(mail ? '250 2.1.5 Ok' : '503 5.5.1 Error: need MAIL command');
      else if (verb === 'QUIT') socket.end('221 2.0.0 Bye\r\n');
      else say(['MAIL', 'RSET', 'NOOP'].includes(verb) ? '250 2.0.0 Ok' : '502 5.5.2 Error: command not recognized');
      return 'on';
    };

    const run = () => {
      while (heard.includes('\r\n')) {
        const line = heard.slice(0, heard.indexOf('\r\n'));
        heard = heard.slice(line.length + 2);
        if (answer(line) === 'TLS') return;
      }
    };

    const listen = () => {
      socket.on('data', (chunk: Buffer) => {
        heard += chunk.toString('latin1');
        run();
      });
    };

    if (implicit) return secure();
    listen();
    say('220 mx.example.test ESMTP');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => taken,
    handshakes: () => hellos,
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => closed());
      }),
  };
}
