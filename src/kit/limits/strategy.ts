/** Time that passes on purpose. `quiet`: until nothing of ours was counted for so long. */
export interface Pause<Why> {
  readonly kind: 'wait' | 'quiet';
  readonly seconds: number;
  readonly why: Why;
}

/** Decides what to do next from what came of the step before. Pure: it knows no clock and no server. */
export type Strategy<Step, Came, Result> = Generator<Step, Result, Came>;

/** Does what a strategy says, one step after the other, until it has its result. */
export async function follow<Step, Came, Result>(
  strategy: Strategy<Step, Came, Result>,
  perform: (step: Step) => Promise<Came>,
): Promise<Result> {
  let next = strategy.next();
  while (next.done !== true) next = strategy.next(await perform(next.value));
  return next.value;
}
