import { authAfterTls } from '../../../../probes/auth-after-tls.ts';
import { authAnonymous } from '../../../../probes/auth-anonymous.ts';
import { authBeforeTls } from '../../../../probes/auth-before-tls.ts';
import { authOnMx } from '../../../../probes/auth-on-mx.ts';
import { authState } from '../../../../probes/auth-state.ts';
import { authWeak } from '../../../../probes/auth-weak.ts';
import { hello } from '../../../../probes/hello.ts';
import { tlsRequired } from '../../../../probes/tls-required.ts';
import { defaultPolicy, judgeAgain, type Report, type ScanOptions, scan } from '../../../../src/index.ts';
import { ntlmNegotiate } from '../../../../src/kit/auth/ntlm.ts';
import type { MechanismTrial } from '../../../../src/kit/auth/trial.ts';
import type { AuthPhase } from '../../../../src/kit/auth/trials.ts';
import type { Exchange } from '../../../../src/kit/index.ts';
import { ourName, shortLimits } from '../../../fakes/scan-server.ts';
import { mta, type RunningServer, type ScriptedServer } from '../../../fakes/scripted-server.ts';
import { type Action, ownDomain, type Turn } from '../../../fakes/stock-mta.ts';
import { expectQuotesToStand } from '../../../support/quotes.ts';
import { replyFrom } from '../../mta/reply-from.ts';

const authProbes = [hello, authBeforeTls, authAfterTls, authAnonymous, authWeak, authOnMx, authState, tlsRequired];

/** What a server says to `AUTH <mechanism>`, in clear and inside TLS. */
export interface AuthScript {
  /** The list; null: none. `AUTH=…` for the old spelling. */
  readonly list?: { readonly clear?: readonly string[]; readonly tls?: readonly string[] };
  /** Undefined: AUTH is not enabled. */
  readonly answer?: (mechanism: string, turn: Turn) => Action | undefined;
  /** What it says to `*`. */
  readonly cancel?: string;
}

export const notEnabled = '503 5.5.1 Error: authentication not enabled';
export const unknownMechanism = '504 5.5.4 Unrecognized authentication type';
const challenges: Record<string, string> = { PLAIN: '334 ', LOGIN: '334 VXNlcm5hbWU6', XOAUTH2: '334 ' };

/** Takes up the mechanisms named, knows no others, and keeps transactions free of AUTH. */
export const takes =
  (...mechanisms: string[]) =>
  (mechanism: string, { dialogue }: Turn): string => {
    if (dialogue.sender !== null) return '503 5.5.1 Error: MAIL transaction in progress';
    return mechanisms.includes(mechanism) ? (challenges[mechanism] ?? '334 ') : unknownMechanism;
  };

/** The stock server with AUTH as scripted. */
export function authMta({ list = {}, answer, cancel = '501 5.0.0 AUTH aborted' }: AuthScript = {}): ScriptedServer {
  return mta()
    .onEhlo(({ dialogue }) => {
      const lines = ['mx.example.test', 'PIPELINING', ...(dialogue.tls ? [] : ['STARTTLS'])];
      const all = [...lines, ...((dialogue.tls ? list.tls : list.clear) ?? [])];
      return all.map((line, index) => `250${index === all.length - 1 ? ' ' : '-'}${line}`).join('\n');
    })
    .on('AUTH', (turn) => answer?.(turn.argument.toUpperCase(), turn) ?? notEnabled)
    .on('*', () => cancel)
    .on(ntlmNegotiate.toUpperCase(), () => `334 ${ntlmChallenge}`);
}

/** A CHALLENGE_MESSAGE of a domain controller: target EXAMPLE, Windows 10.0.17763, computer DC1. */
export const ntlmChallenge = buildChallenge();

/** The default scan with the AUTH probes; every quote stands, and judging again says the same. */
export async function scanAuth(
  { port }: Pick<RunningServer, 'port'>,
  role: 'mx' | 'submission' | 'submissions',
  options: Partial<ScanOptions> = {},
): Promise<Report> {
  const tls = role === 'submissions' ? 'implicit' : 'starttls';
  const target = { kind: 'endpoint', input: `127.0.0.1:${port}`, host: '127.0.0.1', port, role, tls } as const;
  const given = { helo: ourName, domain: ownDomain, restraint: shortLimits, ...options };
  const report = await scan([target], given, undefined, authProbes);
  expectQuotesToStand(report);
  const again = judgeAgain(JSON.parse(JSON.stringify(report)) as Report, options.policy ?? defaultPolicy, authProbes);
  if (JSON.stringify(again.endpoints[0]?.findings) !== JSON.stringify(report.endpoints[0]?.findings)) {
    throw new Error('judged again, the findings differ');
  }
  return report;
}

/** An exchange as it would be observed. */
export function exchange(command: string, reply: string): Exchange {
  return { command, reply: replyFrom(reply), sentAt: 0, seconds: 0 };
}

/** A phase as it would be observed: the EHLO reply, and what each mechanism was answered. */
export function phaseOf(
  ehlo: string,
  answers: Readonly<Record<string, string>>,
  parts: Partial<AuthPhase> = {},
): AuthPhase {
  const trials = Object.entries(answers).map(([mechanism, reply]): MechanismTrial => {
    const cancel = reply.startsWith('334') ? exchange('*', '501 5.0.0 AUTH aborted') : null;
    return { mechanism, exchange: exchange(`AUTH ${mechanism}`, reply), challenge: null, cancel };
  });
  return { tls: false, ehlo: exchange(`EHLO ${ourName}`, ehlo), trials, spared: [], cut: null, ...parts };
}

function buildChallenge(): string {
  const names: readonly (readonly [number, string])[] = [
    [2, 'EXAMPLE'],
    [1, 'DC1'],
    [4, 'corp.example.test'],
    [3, 'dc1.corp.example.test'],
    [5, 'example.test'],
  ];
  const pair = (id: number, value: Buffer) => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(id, 0);
    head.writeUInt16LE(value.length, 2);
    return Buffer.concat([head, value]);
  };
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE((BigInt(Date.UTC(2026, 0, 2, 3, 4, 5)) + 11_644_473_600_000n) * 10_000n);
  const info = Buffer.concat([
    ...names.map(([id, name]) => pair(id, Buffer.from(name, 'utf16le'))),
    pair(7, time),
    pair(0, Buffer.alloc(0)),
  ]);
  const target = Buffer.from('EXAMPLE', 'utf16le');
  const head = Buffer.alloc(56);
  head.write('NTLMSSP\0', 'latin1');
  head.writeUInt32LE(2, 8);
  head.writeUInt16LE(target.length, 12);
  head.writeUInt32LE(56, 16);
  head.writeUInt32LE(0xa289_8205, 20);
  head.writeUInt16LE(info.length, 40);
  head.writeUInt32LE(56 + target.length, 44);
  head.writeUInt8(10, 48);
  head.writeUInt16LE(17763, 50);
  return Buffer.concat([head, target, info]).toString('base64');
}
