import type { Measured } from '../model/judgement.ts';

/** The limit that a probe has measured, a limit on a window per minute, as ceilings are; null where there is none. */
export function measuredLimit({
  probe,
  measured = {},
}: {
  readonly probe: string;
  readonly measured?: Measured;
}): number | null {
  const { limit } = measured;
  if (typeof limit !== 'number') return null;
  return probe.endsWith('-rate') ? (limit * 60) / windowOf(measured) : limit;
}

function windowOf({ windowSeconds, windowAtMost }: Measured): number {
  return [windowSeconds, windowAtMost].find((seconds) => typeof seconds === 'number') ?? 60;
}
