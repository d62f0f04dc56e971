import { setMaxListeners } from 'node:events';
import { askServer, type Outcome } from './dns-exchange.ts';
import type { Message, Question } from './dns-message.ts';
import type { DnsServer } from './dns-servers.ts';

/** What came of a question: a NOERROR or NXDOMAIN that can be believed, or why there is none. */
export type Said =
  | {
      readonly kind: 'message';
      readonly message: Message;
      readonly server: DnsServer;
      /** SERVFAIL with checking, and this without. */
      readonly isBogus: boolean;
    }
  | { readonly kind: 'failed'; readonly rcode: string; readonly because: string }
  /** DNS can hold no such name. */
  | { readonly kind: 'unaskable' };

/** How often a question is sent to each server within its time: one datagram may get lost. */
const tries = 2;
/** No longer than this before the next try or the next server, however much time there is. */
const longestStepMs = 2000;

/**
 * Asks the servers in order, the next as soon as one fails or is slow; an answer that comes late still counts. All
 * within `seconds`, and until `stop`. SERVFAIL is asked again with CD set (RFC 4035 §3.2.2), and then once more
 * without: only where checking makes the difference each time does validation fail.
 */
export async function askServers(
  servers: readonly DnsServer[],
  question: Question,
  seconds: number,
  stop: AbortSignal | null = null,
): Promise<Said> {
  if (stop?.aborted) return stopped;
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(), seconds * 1000);
  const onStop = () => clock.abort();
  stop?.addEventListener('abort', onStop);
  const saidBy = (outcome: Outcome | null): Said => (stop?.aborted ? stopped : saidIn(seconds, outcome));
  // Each try listens, and each is gone before its question ends.
  setMaxListeners(0, clock.signal);
  const ask = (some: readonly DnsServer[], checking: boolean) =>
    inTurn(some, question, checking, { seconds, signal: clock.signal });
  try {
    const first = await ask(servers, true);
    const failing = first?.kind === 'message' && first.message.rcode === 'SERVFAIL' ? [first.server] : [];
    if (failing.length === 0) return saidBy(first);
    const unchecked = await ask(failing, false);
    if (unchecked === null || weightOf(unchecked) > 0) return saidBy(first);
    const control = saidBy(await ask(failing, true));
    if (control.kind !== 'failed' || control.rcode !== 'SERVFAIL') return control;
    return { ...saidBy(unchecked), isBogus: true } as Said;
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener('abort', onStop);
  }
}

const stopped: Said = { kind: 'failed', rcode: 'none', because: 'the scan was stopped' };

function saidIn(seconds: number, outcome: Outcome | null): Said {
  if (outcome === null) return { kind: 'unaskable' };
  if (outcome.kind === 'late') return { kind: 'failed', rcode: 'none', because: `no answer within ${seconds} s` };
  if (outcome.kind !== 'message') return { kind: 'failed', rcode: 'none', because: outcome.because };
  const { rcode } = outcome.message;
  if (!isAnswer(rcode)) return { kind: 'failed', rcode, because: `the server answered ${rcode}` };
  if (isReferral(outcome.message)) return { kind: 'failed', rcode, because: 'the server asks no others for us' };
  return { ...outcome, isBogus: false };
}

const isAnswer = (rcode: string): boolean => rcode === 'NOERROR' || rcode === 'NXDOMAIN';

/** Nothing found by one that neither knows by itself nor asks others: it is not told that there is nothing. */
const isReferral = ({ knows, records, rcode }: Message): boolean =>
  !knows && records.length === 0 && rcode === 'NOERROR';

/** What is worth telling comes first: 0 is an answer. */
function weightOf(outcome: Outcome): number {
  if (outcome.kind !== 'message') return ['garbled', 'closed', 'late'].indexOf(outcome.kind) + 3;
  if (outcome.message.rcode === 'SERVFAIL') return 1;
  return isAnswer(outcome.message.rcode) && !isReferral(outcome.message) ? 0 : 2;
}

/** The first answer of any, or the best failure of all. Null where the question cannot be put. */
function inTurn(
  servers: readonly DnsServer[],
  question: Question,
  checking: boolean,
  { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<Outcome | null> {
  const stepMs = Math.min(longestStepMs, (seconds * 1000) / (servers.length * tries));
  const againMs = stepMs * servers.length;
  return new Promise((resolve) => {
    const done = new AbortController();
    const either = AbortSignal.any([signal, done.signal]);
    setMaxListeners(0, either);
    const failures: Outcome[] = [];
    let next = 0;
    let timer: NodeJS.Timeout | undefined;
    const end = (outcome: Outcome | null) => {
      clearTimeout(timer);
      resolve(outcome);
      done.abort();
    };
    const start = () => {
      clearTimeout(timer);
      const server = servers[next];
      if (server === undefined) return;
      next += 1;
      timer = setTimeout(start, stepMs);
      askServer(server, question, { checking, againMs, signal: either }).then(onOutcome);
    };
    const onOutcome = (outcome: Outcome | null) => {
      if (outcome === null || weightOf(outcome) === 0) return end(outcome);
      failures.push(outcome);
      if (failures.length < servers.length) return start();
      end(failures.sort((a, b) => weightOf(a) - weightOf(b))[0] ?? outcome);
    };
    start();
  });
}
