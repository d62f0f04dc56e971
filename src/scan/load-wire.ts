import { setTimeout as delay } from 'node:timers/promises';
import type { AddressBudget } from '../budget/address-budget.ts';
import { recognise } from '../kit/index.ts';
import type { Clock } from '../kit/limits/rate-question.ts';
import { Service } from '../kit/limits/service.ts';
import type { LoadWire, RawOptions } from '../kit/probe.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { RemarkKind } from '../model/transcript.ts';
import { monotonic } from '../wire/deadline.ts';
import type { Recorder } from '../wire/recorder.ts';
import { SmtpSession } from '../wire/session.ts';
import { ignoreTrouble, inTrouble } from '../wire/trouble-error.ts';
import { LoadBudget } from './load-budget.ts';
import type { ScanOptions } from './options.ts';

/** What the `load` probes of one endpoint share. */
export interface LoadParts {
  readonly endpoint: Endpoint;
  readonly options: ScanOptions;
  readonly budget: AddressBudget;
  readonly recorder: Recorder;
  readonly onWait: (seconds: number, because: string) => void;
}

export type LoadHalf = Pick<LoadWire, 'load' | 'clock' | 'quiet' | 'handshakesSince' | 'rested' | 'service'> & {
  raw(probe: string, options?: RawOptions): Promise<SmtpSession>;
};

/** Connections that a `load` probe may hold besides those that it counts. */
const spareConnections = 5;

/**
 * The loud half of a wire: time, silence, and connections that no gate holds back. One for all probes of an endpoint.
 */
export function loadWire({ endpoint, options, budget, recorder, onWait }: LoadParts): LoadHalf {
  const { restraint, tlsCa, signal } = options;
  const machine = scanClock(options);
  const spent = new LoadBudget(restraint, machine.now);
  const clock: Clock = {
    now: machine.now,
    wait: async (seconds, why) => {
      spent.wait(seconds);
      onWait(seconds, why);
      const from = machine.now();
      try {
        await machine.wait(seconds, why);
      } finally {
        recorder.waitedSeconds += machine.now() - from;
      }
    },
  };
  const began = clock.now();
  const mayBePostfix = () => [null, 'Postfix'].includes(recognise(recorder.sessions()).name);
  const service = new Service(restraint.assumedWindowSeconds, mayBePostfix);
  const held = new Set<SmtpSession>();

  const quiet: LoadWire['quiet'] = async (seconds, why) => {
    await budget.drain();
    const since = Math.max(began, lastCounted(recorder, clock));
    const left = since + seconds - clock.now();
    if (left > 0) await clock.wait(left, why);
    service.noteSilence(seconds, clock.now());
    return since;
  };

  return {
    get load() {
      return { ...restraint, loadProbeSeconds: Math.min(restraint.loadProbeSeconds, spent.left()) };
    },
    clock,
    quiet,
    handshakesSince: (time) =>
      recorder
        .sessions()
        .flatMap(({ events }) => events)
        .filter(({ kind, at }) => isOneOf(handshakes, kind) && onClock(at, recorder, clock) >= time).length,
    service,
    raw: async (
      probe,
      { replySeconds = restraint.replySeconds, dialogueSeconds = restraint.dialogueSeconds, waits = false } = {},
    ) => {
      if (held.size >= restraint.maxEvents + spareConnections)
        throw new Error(`${probe} holds ${held.size} connections`);
      spent.connect();
      const less = {
        ...restraint,
        dialogueSeconds: Math.min(dialogueSeconds, spent.left()),
        replySeconds: Math.min(replySeconds, restraint.replySeconds),
      };
      const session = await SmtpSession.open({ endpoint, restraint: less, recorder, probe, tlsCa, signal });
      held.add(session);
      if (waits) service.waiting.add(session);
      session.release = async () => {
        held.delete(session);
        service.waiting.delete(session);
        await end(session, restraint.quitSeconds);
      };
      return session;
    },
    rested: async () => {
      if (service.isTripped) await quiet(service.silence, 'for the window of a limiter that was filled on purpose');
    },
  };
}

/** QUIT, its answer, and the server's end of the connection: until then the server may count it beside the next one. */
async function end(session: SmtpSession, seconds: number): Promise<void> {
  try {
    if (session.isHealthy && session.greeting !== null) {
      await session.say('QUIT', { seconds });
      await session.unasked(seconds);
    }
  } catch (error) {
    ignoreTrouble(error);
  } finally {
    await session.quit(seconds);
  }
}

/** The machine's clock, or the one handed in. */
function scanClock({ clock, signal }: ScanOptions): Clock {
  const sleep = async (seconds: number) => {
    try {
      await delay(seconds * 1000, undefined, signal === null ? {} : { signal });
    } catch {
      throw inTrouble('budget-spent', 'stopped', ended);
    }
  };
  return {
    now: () => clock?.now() ?? monotonic(),
    wait: async (seconds, why) => {
      await (clock === null ? sleep(seconds) : clock.wait(seconds, why));
      if (signal?.aborted) throw inTrouble('budget-spent', 'stopped', ended);
    },
  };
}

const ended = 'the scan was ended while this waited';

const handshakes: readonly RemarkKind[] = ['handshake', 'handshake-failed', 'client-hello'];
const countedKinds: readonly RemarkKind[] = ['connected', ...handshakes];

const isOneOf = (kinds: readonly RemarkKind[], kind: RemarkKind | undefined): boolean =>
  kind !== undefined && kinds.includes(kind);

/** When a server last counted something of ours: a connection, or a command other than QUIT. */
function lastCounted(recorder: Recorder, clock: Clock): number {
  const times = recorder.sessions().flatMap(({ events }) => {
    const last = events.findLast(
      ({ from, text, kind }) => (from === 'us' && text !== 'QUIT') || isOneOf(countedKinds, kind),
    );
    return last === undefined ? [] : [last.at];
  });
  return times.length === 0 ? Number.NEGATIVE_INFINITY : onClock(Math.max(...times), recorder, clock);
}

/** A moment of the record on our clock. */
const onClock = (at: number, recorder: Recorder, clock: Clock): number => clock.now() - (recorder.elapsed() - at);
