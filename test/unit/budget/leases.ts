import { AddressBudget, type BudgetDeps } from '../../../src/budget/address-budget.ts';
import type { SessionWant } from '../../../src/budget/session-want.ts';
import type { Restraint } from '../../../src/model/restraint.ts';
import { Recorder } from '../../../src/wire/recorder.ts';
import type { SmtpSession } from '../../../src/wire/session.ts';
import { openSession } from '../../fakes/open-session.ts';
import { shortLimits } from '../../fakes/scan-server.ts';

export type Lease = (want?: Partial<SessionWant>) => Promise<SmtpSession>;

export interface Leased {
  readonly budget: AddressBudget;
  readonly lease: Lease;
  readonly recorder: Recorder;
  /** Seconds of each wait asked for; nobody waits in truth, save `whileWaiting`. */
  readonly waits: number[];
  readonly told: string[];
}

/** A real budget of one scripted server, over real sessions. */
export function budgetOf(
  server: { readonly port: number },
  restraint: Partial<Restraint> = {},
  {
    limiterSign = () => 'none',
    whileWaiting = () => {},
  }: Partial<Pick<BudgetDeps, 'limiterSign'>> & { whileWaiting?: (seconds: number) => void } = {},
): Leased {
  const all = { ...shortLimits, ...restraint };
  const recorder = new Recorder();
  const waits: number[] = [];
  const told: string[] = [];
  const budget = new AddressBudget({
    restraint: all,
    limiterSign,
    wait: async (seconds) => {
      waits.push(seconds);
      whileWaiting(seconds);
      await settled();
    },
    onWait: (seconds, because) => void told.push(`${seconds} s: ${because}`),
  });
  const allowance = {
    refusals: all.refusalsPerSession,
    mistakes: all.mistakesPerSession,
    nonMail: all.nonMailPerSession,
    recipients: Number.POSITIVE_INFINITY,
    transactions: Number.POSITIVE_INFINITY,
  };
  const lease: Lease = (want = {}) => {
    const wanted: SessionWant = {
      probe: 'test',
      endpoint: `127.0.0.1/127.0.0.1:${server.port}`,
      fresh: false,
      tls: false,
      helo: 'probe.scanner.test',
      room: { refusals: 1, mistakes: 0, nonMail: 1 },
      allowance,
      ...want,
    };
    return budget.lease(
      wanted,
      () => openSession(server, { restraint: all, recorder }),
      (session) => adapt(session, wanted),
    );
  };
  return { budget, lease, recorder, waits, told };
}

async function adapt(session: SmtpSession, { tls, helo }: SessionWant): Promise<SmtpSession> {
  if (tls && session.tls === null) await session.startTls();
  if (session.helo !== helo) await session.hello(helo);
  return session;
}

/** Lets what lies in the sockets of this process arrive. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setImmediate(resolve));
}
