import { WireError } from '../../wire/wire-error.ts';
import { type Burst, outOfTime, sendBurst, slowedAfter, usualWait } from './burst.ts';
import { type Cycle, commonWindow, couldSlide, outlasts, withFirst } from './cycle.ts';
import { couldFade } from './fading.ts';
import { type Length, nextPoll, silenceFor, slack, windowBetween } from './polls.ts';
import type { RateQuestion, RateResult, Stop, Trial, Window } from './rate-question.ts';

/**
 * Finds how many events a limiter allows, with as few events as can prove it: N are accepted and the next is refused, all in one window that
 * began with the first of them. A number comes out only where no other limiter (a fixed window in whole seconds as Postfix's, one that
 * slides, a leaking bucket) would have answered the same:
 *
 * - Where the window is known, silence for as long proves it empty, and a burst shorter than it cannot have seen its end: N + 1 events.
 * - Where it is not, the time until the limiter lets us in again decides: N + 5 events, see `nextPoll`. It must be the time that was
 *   expected, to the second, and the refusals must outlast the burst: then nothing was forgotten during it.
 * - Where it is another time, the window that began with the recovery must allow as many, or three bursts in a row must agree in number and time,
 *   one of them right behind the moment when it let us in again (a fixed window has just begun then), one after twice the time that it seems to take
 *   (a bucket leaks meanwhile, and what slides or is longer has not forgotten).
 * - Whatever forgets a little all the time, Exim's `ratelimit` above all, lets in one event after a while and looks like a window there: so
 *   another is sent right behind it, and the whole is played against such limiters.
 * - Whether a window is fixed or slides has no part in the number. Postfix's words tell a fixed one; for others the window that the recovery began is
 *   filled, with its first event ahead, and what is let in when it ends tells.
 *
 * What others, or the scan itself, had counted before the silence has no part in the number as long as the window is at most twice as long as
 * expected. A longer one, begun before the silence, that ends in the very second in which the expected one would, cannot be told from it by one burst.
 */
export async function measureRate<At>(question: RateQuestion<At>): Promise<RateResult<At>> {
  const run = new Run(question);
  return await run.measure();
}

class Run<At> {
  readonly #question: RateQuestion<At>;
  readonly #end: number;
  #events = 0;
  #polls = 0;
  readonly #heard: Trial<At>[] = [];
  #largest: readonly Trial<At>[] = [];
  #tripped = false;
  /** The first burst that was refused. */
  #refused: { readonly limit: number; readonly evidence: readonly At[] } | null = null;
  #lastLetIn: Trial<At> | null = null;
  /** What is proven already, while no more than the window is looked for. */
  #settled: RateResult<At> | null = null;

  constructor(question: RateQuestion<At>) {
    this.#question = { ...question, ask: (count) => this.#ask(question, count) };
    this.#end = question.clock.now() + question.seconds;
  }

  /** Where the scan is ended meanwhile, what was seen by then is told. */
  async measure(): Promise<RateResult<At>> {
    try {
      return (await this.#inSharedWindow()) ?? (await this.#inFreshWindow());
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      if (this.#settled !== null) return { ...this.#settled, ...this.#effort() };
      return this.#stopped({ doubt: 'budget-spent', because: error.message, evidence: [] });
    }
  }

  /**
   * In the window that another limiter of this service has begun as it let us in again: all counters were set to naught then (Postfix's anvil), and
   * of these events there was none since. Null where that comes to nothing.
   */
  async #inSharedWindow(): Promise<RateResult<At> | null> {
    const { window, windowLasts, clock } = this.#question;
    if (window === null || windowLasts === null || clock.now() + window.low / 3 > windowLasts) return null;
    const burst = await this.#burst(this.#question.maxEvents, windowLasts);
    if (burst.stop?.doubt === 'prerequisite') return this.#stopped(burst.stop);
    const last = burst.trials.at(-1);
    if (last === undefined || last.answeredAt + slack > windowLasts || burst.stop !== null) return null;
    const refusal = burst.trials[burst.refused ?? -1];
    if (refusal === undefined) return this.#unrefused(burst);
    return refusal.inItsWords && burst.refused !== 0 ? this.#found(burst, refusal, window) : null;
  }

  async #inFreshWindow(): Promise<RateResult<At>> {
    const { window, assumedWindow, quiet } = this.#question;
    const silence = window === null ? silenceFor(assumedWindow) : afterWindow(window);
    const since = await quiet(silence, 'for a window with nothing of ours in it');
    this.#largest = [];
    const burst = await this.#burst();
    const first = burst.trials[0];
    if (burst.refused === null || first === undefined) return this.#unrefused(burst);
    const refusal = burst.trials[burst.refused];
    if (refusal === undefined) throw new Error('a refusal is one of the trials');
    if (burst.refused === 0)
      return this.#doubt(
        'throttled',
        `the first was refused, after ${Math.round(first.sentAt - since)} s of silence: others share our count, or the window is longer than that`,
        [refusal.at],
      );
    const accepted = burst.trials[burst.refused - 1];
    const evidence = accepted === undefined ? [refusal.at] : [refusal.at, accepted.at];
    this.#refused = { limit: burst.refused, evidence };
    if (window !== null && refusal.inItsWords) return this.#inKnownWindow(window, burst, refusal);
    return await this.#byRecovery(burst, refusal, since);
  }

  #inKnownWindow(window: Window, burst: Burst<At>, refusal: Trial<At>): RateResult<At> {
    const began = burst.trials[0]?.sentAt ?? 0;
    const shortest = window.kind === 'fixed' ? window.low : (window.low * 5) / 6;
    if (refusal.answeredAt - began + slack > shortest)
      return this.#doubt('throttled', slowBurst(refusal.answeredAt - began, window.low), [refusal.at]);
    return this.#found(burst, refusal, window);
  }

  async #byRecovery(burst: Burst<At>, refusal: Trial<At>, since: number): Promise<RateResult<At>> {
    const { assumedWindow } = this.#question;
    const expected = { low: Math.floor(assumedWindow), high: Math.floor(assumedWindow) };
    const first = await this.#recover(burst, refusal, expected);
    if ('outcome' in first) return first;
    if (this.#provenAtOnce(first, since)) return await this.#withKind(first);
    return await this.#untilTheyAgree(first);
  }

  /** The expected window, begun with the first event: see `measureRate`. */
  #provenAtOnce(cycle: Cycle<At>, since: number): boolean {
    const { began, lastRefused, recovered } = cycle;
    const silence = began.from - since;
    const longest = 2 * this.#question.assumedWindow;
    const nothingOlder = silence + (lastRefused.sentAt - began.to) - 1 > longest;
    const empty = recovered.answeredAt - began.from + 1 < silence;
    return nothingOlder && empty && outlasts(cycle) && !couldSlide(cycle, longest);
  }

  /** Fixed windows end in the second behind their length; where it ended before, the budget that is left now tells a sliding one. */
  async #withKind(cycle: Cycle<At>): Promise<RateResult<At>> {
    const { began, lastRefused, recovered, burst, refusal, limit } = cycle;
    const window = windowBetween(began, lastRefused.sentAt, recovered.answeredAt);
    const { assumedWindow } = this.#question;
    const ended = lastRefused.sentAt - began.to >= assumedWindow;
    if (!ended && this.#left() < limit - 1) return this.#spent(limit, refusal);
    const again = ended
      ? await sendBurst(this.#question, Math.min(limit - 1, proofOfWindow), this.#end)
      : await this.#burst(limit - 1);
    if (again.stop !== null) return this.#stopped(again.stop);
    if (limit > 1 && couldFade(this.#heard)) return this.#fades(cycle);
    const isExpected = window.low === assumedWindow && window.high === assumedWindow;
    if (again.refused === null && isExpected) return await this.#withKindSeen(cycle, window, again.trials.length);
    if (again.refused === null) return await this.#toTheSecond(cycle, window, again.trials);
    if (ended)
      return this.#differs(limit, again.refused + 1, [refusal.at, again.trials[again.refused]?.at ?? refusal.at]);
    return this.#found(burst, refusal, { low: assumedWindow, high: assumedWindow, kind: 'sliding' });
  }

  /**
   * Where the words are Postfix's, the window is a fixed one. Else the one that the last recovery began, in which `sent` were accepted already, is
   * filled, some ahead of the others, only to see what is forgotten when it ends: those, or all.
   */
  async #withKindSeen({ burst, refusal, limit }: Cycle<At>, window: Length, sent = 0): Promise<RateResult<At>> {
    const settled = this.#found(burst, refusal, { ...window, kind: kindAtOnce(refusal, limit) });
    if (settled.outcome === 'found' && settled.kind === 'fixed') return settled;
    this.#settled = settled;
    const kind = await this.#seeKind(window, 1 + sent, limit - 1 - sent);
    return this.#found(burst, refusal, { ...window, kind });
  }

  async #seeKind(window: Length, ahead: number, behind: number): Promise<Window['kind']> {
    const { clock } = this.#question;
    const end = clock.now() + window.high + 1 + slack;
    const isShort = window.low < 2 * leadOf(window.low);
    if (isShort || behind < 1 || this.#left() < behind + ahead + 1 || end > this.#end) return 'untold';
    await clock.wait(leadOf(window.low), 'so that the first event is forgotten ahead of the others');
    const full = await this.#burst(behind);
    const [second] = full.trials;
    if (full.refused !== null || full.stop !== null || second === undefined) return 'untold';
    await clock.wait(end - clock.now(), 'to see whether events are forgotten one by one');
    const { trials, refused } = await this.#burst(ahead + 1);
    const last = trials[ahead];
    if (refused !== null && refused > 0) return couldFade(this.#heard) ? 'untold' : 'sliding';
    const all = last !== undefined && last.answeredAt < second.sentAt + (window.low * 5) / 6;
    return refused === null && all ? 'fixed' : 'untold';
  }

  /**
   * A poll that came late, or a window that began with a second, leaves several lengths open: the window that the recovery began tells, in which
   * `sent` were accepted already. It must allow as many: else what was counted before ours had its share in the first.
   */
  async #toTheSecond(cycle: Cycle<At>, window: Length, sent: readonly Trial<At>[] = []): Promise<RateResult<At>> {
    const { burst, refusal, limit, recovered } = cycle;
    const { assumedWindow, clock, seconds } = this.#question;
    const asExpected = window.low <= assumedWindow && assumedWindow <= window.high;
    const soFar = this.#found(burst, refusal, { ...window, kind: kindAtOnce(refusal, limit) });
    this.#settled = asExpected ? soFar : null;
    if (this.#left() <= limit) return asExpected ? soFar : this.#spent(limit, refusal);
    if (clock.now() + window.high + 2 > this.#end) return asExpected ? soFar : this.#stopped(outOfTime(seconds));
    const more = await this.#burst(2 * limit + 20);
    const trials = [recovered, ...sent, ...more.trials];
    const refused = trials.findIndex(({ accepted }) => !accepted);
    const second = trials[refused];
    if (second === undefined && more.stop !== null) return asExpected ? soFar : this.#stopped(more.stop);
    if (second === undefined) return this.#otherwise(limit, `none of ${trials.length}`, refusal);
    const again = await this.#recover({ trials, refused, stop: null }, second, window);
    if ('outcome' in again) return asExpected && refused === limit ? soFar : again;
    const both = commonWindow([cycle, again]);
    if (refused === limit && both !== null) return await this.#withKindSeen(cycle, both);
    this.#settled = null;
    return await this.#untilTheyAgree(again);
  }

  async #untilTheyAgree(first: Cycle<At>): Promise<RateResult<At>> {
    let agreed: Cycle<At>[] = outlasts(first) ? [first] : [];
    let last = first;
    let most = first.limit;
    let other = first;
    for (const when of ['now', 'later', 'now', 'later'] as const) {
      const seems = windowBetween(last.began, last.lastRefused.sentAt, last.recovered.answeredAt);
      const cycle = await this.#again(last, seems, when);
      if ('outcome' in cycle) return cycle;
      last = cycle;
      if (cycle.limit !== first.limit) other = cycle;
      const window = commonWindow([...agreed, cycle]);
      const agrees = window !== null && agreed.every(({ limit }) => limit === cycle.limit);
      agreed = !outlasts(cycle) ? [] : agrees ? [...agreed, cycle] : [cycle];
      most = Math.max(most, outlasts(cycle) ? cycle.limit : 0);
      // A bucket that leaks lets in more at first, and one at a time later.
      if (window !== null && agreed.length === 3 && cycle.limit > 1 && cycle.limit >= most && !couldFade(this.#heard)) {
        return await this.#withKindSeen(cycle, window);
      }
    }
    if (couldFade(this.#heard)) return this.#fades(first, other);
    if (other !== first) return this.#differs(first.limit, other.limit, [first.refusal.at, other.refusal.at]);
    return this.#doubt(
      'throttled',
      `it allows ${first.limit} in each burst, but lets us in again now sooner and now later: no window of one length`,
      [first.refusal.at, last.refusal.at],
    );
  }

  /** Another burst: right behind the event that was let in again, which is its first then, or in a window that is empty if it is as long as it seems. */
  async #again(last: Cycle<At>, seems: Length, when: 'now' | 'later'): Promise<Cycle<At> | RateResult<At>> {
    const { assumedWindow, clock, quiet, seconds } = this.#question;
    const pause = seems.high <= assumedWindow / 2 ? 2 * seems.high + 2 : silenceFor(seems.high) + 2;
    if (clock.now() + (when === 'now' ? 0 : pause) + seems.high + 2 > this.#end)
      return this.#stopped(outOfTime(seconds));
    if (this.#left() <= last.limit) return this.#spent(last.limit, last.refusal);
    if (when === 'later') await quiet(pause, 'to see whether the limiter allows as many again');
    const more = await this.#burst(2 * last.limit + 20);
    const burst = when === 'now' ? withFirst(last.recovered, more) : more;
    const refusal = burst.trials[burst.refused ?? -1];
    if (refusal !== undefined && burst.refused !== 0) return await this.#recover(burst, refusal, seems);
    if (burst.stop !== null) return this.#stopped(burst.stop);
    const now = burst.refused === 0 ? 'the first' : `none of ${burst.trials.length}`;
    return this.#otherwise(last.limit, now, last.refusal);
  }

  /** Asks until an event is accepted again. */
  async #recover(burst: Burst<At>, refusal: Trial<At>, expected: Length): Promise<Cycle<At> | RateResult<At>> {
    const { clock, ask, seconds } = this.#question;
    const first = burst.trials[0] ?? refusal;
    const began = { from: first.sentAt, to: first.answeredAt };
    const limit = burst.refused ?? 0;
    let lastRefused = refusal;
    let gap = 0;
    for (const trial of burst.trials.slice(limit + 1)) {
      if (trial.accepted) return { burst, limit, refusal, began, lastRefused, recovered: trial, gap };
      lastRefused = trial;
    }
    const sentBy = clock.now();
    let trip: number | null = null;
    while (true) {
      const now = clock.now();
      const time = nextPoll({ began, sentBy, now, expected, trip: trip ?? usualWait(burst.trials), limit });
      if (time === null || time > this.#end || this.#polls === morePolls) break;
      this.#polls += 1;
      await clock.wait(time - now, `for the limiter to let us in again (${limit} were accepted)`);
      const { trials, stop } = await ask(1);
      const [trial] = trials;
      if (trial === undefined) return this.#stopped(stop ?? outOfTime(seconds));
      if (trial.accepted) {
        this.#lastLetIn = trial;
        return { burst, limit, refusal, began, lastRefused, recovered: trial, gap };
      }
      gap = Math.max(gap, trial.sentAt - lastRefused.answeredAt);
      trip ??= trial.answeredAt - trial.sentAt;
      lastRefused = trial;
    }
    const waited = Math.round(lastRefused.answeredAt - began.from);
    return this.#doubt(
      'throttled',
      `number ${limit + 1} was refused, and ${waited} s later still: whether the window was empty before cannot be told`,
      [refusal.at, lastRefused.at],
    );
  }

  async #burst(most = this.#question.maxEvents, until = this.#end): Promise<Burst<At>> {
    const burst = await sendBurst(this.#question, Math.min(most, this.#left()), Math.min(until, this.#end));
    if (burst.trials.length > this.#largest.length) this.#largest = burst.trials;
    return burst;
  }

  async #ask(question: RateQuestion<At>, count: number): Promise<Awaited<ReturnType<RateQuestion<At>['ask']>>> {
    const asked = await question.ask(count);
    this.#events += asked.trials.length;
    this.#heard.push(...asked.trials);
    this.#tripped ||= asked.trials.some(({ accepted }) => !accepted);
    return asked;
  }

  /** Events that may still be sent; polls are not among them. */
  #left(): number {
    return Math.max(0, this.#question.maxEvents + this.#polls - this.#events);
  }

  #spent(limit: number, refusal: Trial<At>): RateResult<At> {
    return this.#doubt(
      'budget-spent',
      `number ${limit + 1} was refused, and to prove that it was the first one too many takes more than the ${this.#question.maxEvents} events that may be sent (--max-events)`,
      [refusal.at],
    );
  }

  #unrefused(burst: Burst<At>): RateResult<At> {
    const first = burst.trials[0];
    const last = burst.trials.at(-1);
    if (burst.stop !== null || first === undefined || last === undefined)
      return this.#stopped(burst.stop ?? outOfTime(this.#question.seconds));
    const after = slowedAfter(burst.trials);
    if (after !== null) return { ...this.#effort(), outcome: 'slowed', after, last: last.at };
    const seconds = last.answeredAt - first.sentAt;
    const window = this.#question.window?.low ?? this.#question.assumedWindow;
    if (seconds > window) return this.#doubt('throttled', slowBurst(seconds, window), [last.at]);
    return { ...this.#effort(), outcome: 'none', last: last.at };
  }

  #found(burst: Burst<At>, refusal: Trial<At>, window: Window | null): RateResult<At> {
    const limit = burst.refused ?? 0;
    const accepted = burst.trials[limit - 1]?.at ?? null;
    const kind = window?.kind ?? 'untold';
    if (window !== null && kind === 'fixed' && this.#lastLetIn !== null)
      this.#question.noteWindow(this.#lastLetIn.sentAt + window.low);
    return {
      ...this.#effort(),
      outcome: 'found',
      limit,
      kind,
      window,
      refusal: refusal.at,
      accepted,
    };
  }

  /** What was answered fits a limiter without a window. */
  #fades({ limit, refusal, began, recovered }: Cycle<At>, other?: Cycle<At>): RateResult<At> {
    const differs = other !== undefined && other.limit !== limit;
    const after = (recovered.sentAt - began.from).toFixed(1);
    const then = differs ? `${other.limit} in another` : `lets the next in after ${after} s`;
    return this.#doubt(
      'throttled',
      `it allows ${limit} in one burst and ${then}: as a limiter that forgets little by little, such as Exim's ratelimit, and that has no window to measure`,
      [refusal.at, recovered.at, ...(differs ? [other.refusal.at] : [])],
    );
  }

  #differs(one: number, other: number, evidence: readonly At[]): RateResult<At> {
    return this.#doubt(
      'throttled',
      `it allows ${one} in one burst and ${other} in another: no window with a fixed begin, or others share our count`,
      evidence,
    );
  }

  #otherwise(limit: number, other: string, refusal: Trial<At>): RateResult<At> {
    const because = `number ${limit + 1} was refused in one burst and ${other} in another`;
    return this.#doubt('throttled', because, [refusal.at]);
  }

  #stopped({ doubt, because, evidence }: Stop<At>): RateResult<At> {
    if (this.#refused === null) return this.#doubt(doubt, because, evidence);
    const { limit, evidence: refused } = this.#refused;
    return this.#doubt(
      doubt,
      `${limit} were accepted and the next was refused, which was not proven by then to be the limit: ${because}`,
      [...refused, ...evidence],
    );
  }

  #doubt(doubt: Stop<At>['doubt'], because: string, evidence: readonly At[]): RateResult<At> {
    const after = this.#refused === null ? {} : { refusedAfter: this.#refused.limit };
    return { ...this.#effort(), outcome: 'doubt', doubt, because, evidence, tripped: this.#tripped, ...after };
  }

  #effort() {
    const first = this.#largest[0];
    const last = this.#largest.at(-1);
    const seconds = first === undefined || last === undefined ? 0 : last.answeredAt - first.sentAt;
    return { tried: this.#largest.length, seconds: Math.round(seconds * 1000) / 1000, events: this.#events };
  }
}

/** What a window is without another look at it: Postfix's words tell, and one event is forgotten at once and by itself alike. */
const kindAtOnce = ({ inItsWords }: Trial<unknown>, limit: number): Window['kind'] =>
  inItsWords || limit === 1 ? 'fixed' : 'untold';

/**
 * Seconds by which the first event goes ahead of the others, where nothing but the kind is looked for: a sixth of the window, as some events may be
 * forgotten so much sooner than others (Sendmail's buckets), and a second, as a fixed one may end so late.
 */
const leadOf = (window: number): number => window / 6 + 1.3;

/** Events right behind the first that is let in again: a new window takes them; what has just forgotten one event does not. */
const proofOfWindow = 1;

/** Questions whether a limiter lets us in again, in all. */
const morePolls = 40;

/** Silence after which a known window is empty. */
export const afterWindow = ({ high, kind }: Window): number => (kind === 'fixed' ? high + 1 + slack : silenceFor(high));

const slowBurst = (took: number, window: number): string =>
  `the burst took ${took.toFixed(1)} s, longer than a window of ${window} s: what was counted first may be forgotten`;
