import { setTimeout as delay } from 'node:timers/promises';
import { slidingWindow } from '../unit/kit/limits/simulated.ts';
import type { StandingClock } from './scan-load.ts';
import { mta, type ScriptedServer } from './scripted-server.ts';
import { serverName } from './stock-mta.ts';

/** The limit plugin of Haraka: what may come from one client. */
export interface HarakaLimits {
  /** Connections at once. */
  readonly concurrency?: number;
  /** Connections in so many seconds, as a log of moments; the refused ones count. */
  readonly rateConn?: readonly [limit: number, seconds: number];
  /** Recipients in so many seconds from the first on, to the millisecond. */
  readonly rateRcpt?: readonly [limit: number, seconds: number];
}

/** Milliseconds by which a refusal is held back; three seconds in the plugin. */
const tarpit = 10;

/**
 * Haraka with its limit plugin; closes the connection on whom it refuses at the door, and keeps it on whom it refuses a
 * recipient.
 */
export function haraka(clock: StandingClock, { concurrency, rateConn, rateRcpt }: HarakaLimits = {}): ScriptedServer {
  const connects = rateConn === undefined ? () => true : slidingWindow(...rateConn, { parts: rateConn[1] * 1000 });
  const names = rateRcpt === undefined ? () => true : windowFromFirst(...rateRcpt);
  return mta()
    .greets(`220 ${serverName} ESMTP Haraka/3.1.6 ready`)
    .admits(async (open) => {
      const fast = !connects(clock.now());
      const many = concurrency !== undefined && open > concurrency;
      if (!fast && !many) return null;
      await delay(tarpit);
      return many ? '421 Too many concurrent connections' : '421 connection rate limit exceeded';
    })
    .onEhlo(
      () =>
        `250-${serverName} Hello probe.scanner.test [127.0.0.1], Haraka is at your service.\n250-PIPELINING\n250-8BITMIME\n250-SMTPUTF8\n250 SIZE 0`,
    )
    .onMail(() => '250 sender <> OK')
    .onRcpt(({ address }) => (names(clock.now()) ? `250 recipient <${address}> OK` : '450 rate limit exceeded'))
    .on(['AUTH', 'STARTTLS', 'EXPN'], () => '500 Unrecognized command');
}

/** A key in Redis that lives for so many seconds from the first event on. */
function windowFromFirst(limit: number, seconds: number): (now: number) => boolean {
  let began = Number.NEGATIVE_INFINITY;
  let count = 0;
  return (now) => {
    if (now >= began + seconds) {
      began = now;
      count = 0;
    }
    count += 1;
    return count <= limit;
  };
}
