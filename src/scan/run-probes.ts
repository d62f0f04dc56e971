import { ownNameIn } from '../kit/fix-seen.ts';
import type { DefinedProbe, LoadWire } from '../kit/probe.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { type Judgement, notApplicable } from '../model/judgement.ts';
import { marked } from '../model/marks.ts';
import type { Policy } from '../model/policy.ts';
import type { Finding } from '../model/report.ts';
import { type Trouble, trouble } from '../model/trouble.ts';
import { inTrouble, TroubleError } from '../wire/trouble-error.ts';
import { type Bug, findingOf, judgementOfError } from './finding.ts';

/**
 * What became of one probe: its finding, what it saw (undefined where it saw nothing), and the trouble that was in the
 * way.
 */
export interface Outcome {
  readonly finding: Finding;
  readonly data: unknown;
  readonly trouble: Trouble | null;
}

type Observed = Pick<Outcome, 'data' | 'trouble'> & { readonly judgement: Judgement | Bug };

export interface Run {
  readonly endpoint: Endpoint;
  /** A domain that the endpoint takes mail for, where one is known. */
  readonly domain: string | null;
  readonly probes: readonly DefinedProbe[];
  readonly policy: Policy;
  /** The day of the scan, ISO 8601: by it waivers hold or are over. */
  readonly day: string;
  /** Null: may run. Else why not. */
  readonly forbidden: (probe: DefinedProbe) => string | null;
  readonly wireFor: (probe: DefinedProbe) => LoadWire;
  /** Ids of `load` probes that come before the others, in this order. */
  readonly loadFirst: readonly string[];
  /** Whether the server bears sessions that wait beside those that a `load` probe counts. */
  readonly mayWaitBeside: () => boolean;
  readonly onStart: (probe: DefinedProbe) => void;
  readonly onFinding: (finding: Finding) => void;
}

/** Which part of a run: everything but load, or load alone. */
export type Part = 'quiet' | 'load';

/**
 * Runs probes on one endpoint, each as soon as the probes that it needs are done; `intrusive` ones after all that ask
 * as clients do, so that nothing they bring about is in the way of those; `load` probes one by one, after all others,
 * and beside them those that only wait. Nothing thrown in a probe leaves this function: wire trouble becomes
 * `inconclusive`, anything else `error`.
 */
export class ProbeRun {
  readonly #run: Run;
  readonly #outcomes = new Map<string, Promise<Outcome>>();
  /** `load` probes that wait while the others count. */
  readonly #beside = new Set<DefinedProbe>();
  /** What probes saw, by id. */
  readonly #seen: Record<string, unknown> = {};

  constructor(run: Run) {
    this.#run = run;
  }

  async part(part: Part): Promise<void> {
    const chosen = this.#run.probes.filter((probe) => (probe.safety === 'load') === (part === 'load'));
    if (part === 'quiet') {
      const isOdd = ({ safety }: DefinedProbe) => safety === 'intrusive';
      for (const together of [chosen.filter((probe) => !isOdd(probe)), chosen.filter(isOdd)])
        await Promise.all(together.map((probe) => this.#outcome(probe)));
      return;
    }
    const mayWait = this.#run.mayWaitBeside();
    for (const probe of chosen) if (probe.waits && mayWait) this.#beside.add(probe);
    const waiting = Promise.all([...this.#beside].map((probe) => this.#outcome(probe)));
    const { loadFirst } = this.#run;
    const place = ({ id }: DefinedProbe) => (loadFirst.includes(id) ? loadFirst.indexOf(id) : loadFirst.length);
    for (const probe of chosen.toSorted((a, b) => place(a) - place(b)))
      if (!this.#beside.has(probe)) await this.#outcome(probe);
    await waiting;
  }

  /** All outcomes so far, in the order of the catalogue. */
  async outcomes(): Promise<Map<string, Outcome>> {
    const settled = new Map<string, Outcome>();
    for (const probe of this.#run.probes) {
      const outcome = this.#outcomes.get(probe.id);
      if (outcome !== undefined) settled.set(probe.id, await outcome);
    }
    return settled;
  }

  #outcome(probe: DefinedProbe): Promise<Outcome> {
    const known = this.#outcomes.get(probe.id);
    if (known !== undefined) return known;
    const outcome = this.#perform(probe);
    this.#outcomes.set(probe.id, outcome);
    return outcome;
  }

  async #perform(probe: DefinedProbe): Promise<Outcome> {
    const { endpoint, domain, policy, day, onStart, onFinding } = this.#run;
    const { judgement, data, trouble } = await this.#observeAndJudge(probe, () => onStart(probe));
    this.#seen[probe.id] = data;
    const known = { domain, ownName: ownNameIn(this.#seen) };
    const finding = marked(findingOf(probe, { ...endpoint, ...known }, judgement, policy), endpoint, policy, day);
    onFinding(finding);
    return { finding, data, trouble };
  }

  async #observeAndJudge(probe: DefinedProbe, onStart: () => void): Promise<Observed> {
    const { endpoint, policy, forbidden, wireFor } = this.#run;
    let data: unknown;
    const isBeside = this.#beside.has(probe);
    try {
      const applies = probe.applies(endpoint);
      if (applies !== true) return { judgement: notApplicable(applies), data, trouble: null };
      const not = forbidden(probe);
      if (not !== null) throw inTrouble('not-permitted', 'not-asked', not);
      const { given, lacking } = await this.#givenTo(probe, (other) => !(isBeside && this.#beside.has(other)));
      onStart();
      data = await probe.observe(wireFor(probe), given, lacking);
      const seen = isBeside ? (await this.#givenTo(probe)).given : given;
      return { judgement: probe.judge(data, seen, policy), data, trouble: null };
    } catch (error) {
      const trouble = error instanceof TroubleError ? error.trouble : null;
      return { judgement: judgementOfError(error), data, trouble };
    }
  }

  /**
   * What the probes before it saw, those that `isBefore` it, and why those that it can do without saw nothing. Trouble
   * where it can't do without.
   */
  async #givenTo(probe: DefinedProbe, isBefore: (other: DefinedProbe) => boolean = () => true) {
    const given: Record<string, unknown> = {};
    const lacking: Record<string, Trouble> = {};
    for (const id of [...probe.needs, ...probe.wants]) {
      const needed = this.#run.probes.find((other) => other.id === id);
      if (needed === undefined && probe.wants.includes(id)) continue;
      if (needed !== undefined && !isBefore(needed)) continue;
      const outcome = needed === undefined ? null : await this.#outcome(needed);
      const met =
        outcome?.trouble ?? trouble('prerequisite', 'not-asked', outcome?.finding.because ?? 'it did not run');
      given[id] = outcome?.data;
      if (outcome?.data !== undefined) continue;
      if (probe.needs.includes(id))
        throw new TroubleError({ ...met, because: `needs ${id}, which brought nothing: ${met.because}` });
      lacking[id] = met;
    }
    return { given, lacking };
  }
}
