import type { Restraint } from '../model/restraint.ts';
import { inTrouble, type TroubleError } from '../wire/trouble-error.ts';

/**
 * What the `load` probes of one endpoint may take together, whatever each of them may take alone. Past it nothing is
 * sent and nothing waited for: a `TroubleError` says so, and what is still open is `inconclusive(budget-spent)`.
 */
export class LoadBudget {
  readonly #restraint: Pick<Restraint, 'loadSeconds' | 'loadConnections'>;
  readonly #now: () => number;
  #began: number | null = null;
  #connections = 0;

  constructor(restraint: Pick<Restraint, 'loadSeconds' | 'loadConnections'>, now: () => number) {
    this.#restraint = restraint;
    this.#now = now;
  }

  /** Seconds that are left; the first to ask begins them. */
  left(): number {
    this.#began ??= this.#now();
    return Math.max(0, this.#began + this.#restraint.loadSeconds - this.#now());
  }

  connect(): void {
    if (this.left() === 0) throw this.#over();
    if (this.#connections >= this.#restraint.loadConnections)
      throw inTrouble(
        'budget-spent',
        'restraint',
        `the ${this.#restraint.loadConnections} connections that all load probes of one endpoint may make were made`,
      );
    this.#connections += 1;
  }

  /** A wait that would end too late is none. */
  wait(seconds: number): void {
    if (seconds > this.left()) throw this.#over();
  }

  #over(): TroubleError {
    const minutes = Math.round(this.#restraint.loadSeconds / 6) / 10;
    return inTrouble(
      'budget-spent',
      'restraint',
      `the ${minutes} min that all load probes of one endpoint may take (--max-minutes) were over, or would have been`,
    );
  }
}
