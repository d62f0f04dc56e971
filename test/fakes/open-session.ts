import { endpointOf } from '../../src/model/endpoint.ts';
import type { Restraint } from '../../src/model/restraint.ts';
import { Recorder } from '../../src/wire/recorder.ts';
import { SmtpSession } from '../../src/wire/session.ts';
import { shortLimits } from './scan-server.ts';

export interface Opened {
  readonly restraint?: Partial<Restraint>;
  readonly host?: string;
  readonly tls?: 'starttls' | 'implicit';
  readonly tlsCa?: string;
  readonly signal?: AbortSignal;
  readonly recorder?: Recorder;
  readonly probe?: string;
}

/** A session with a port of loopback, nothing read yet. */
export async function openSession(
  { port }: { readonly port: number },
  {
    restraint,
    host = '127.0.0.1',
    tls = 'starttls',
    tlsCa,
    signal,
    recorder = new Recorder(),
    probe = 'test',
  }: Opened = {},
): Promise<SmtpSession> {
  return await SmtpSession.open({
    endpoint: endpointOf({ host, address: '127.0.0.1', port, role: 'mx', tls }),
    restraint: { ...shortLimits, ...restraint },
    recorder,
    probe,
    tlsCa: tlsCa ?? null,
    signal: signal ?? null,
  });
}

/** The same, greeted, and EHLO answered. */
export async function greetedSession(server: { readonly port: number }, opened: Opened = {}): Promise<SmtpSession> {
  const session = await openSession(server, opened);
  await session.greet();
  await session.hello('probe.scanner.test');
  return session;
}
