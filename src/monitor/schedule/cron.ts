import { Cron } from 'croner';

/**
 * The times of a cron line in a time zone, in ms since 1970. croner knows the two nights on which clocks change: a time
 * that the short night leaves out comes at its end, one that the long night has twice comes once, and what comes every
 * few minutes goes on through both.
 */
export interface CronTimes {
  /** The last time at or before `at`, and the first one after it; null where there is none. */
  around(at: number): Around;
}

interface Around {
  readonly last: number | null;
  readonly next: number | null;
}

/** Thousands of monitors ask about the same few days; each answer takes croner a tenth of a millisecond. */
const mostKept = 32;

/** Throws what croner throws where the line or the zone is bad: `cronProblem` and `zoneProblem` say it for people. */
export function cronTimes(cron: string, timezone: string): CronTimes {
  const job = new Cron(cron, { timezone, mode: '5-part', fixedTimeRule: 'no-wildcard' });
  const kept: Around[] = [];
  return {
    around(at) {
      const known = kept.find(({ last, next }) => last !== null && next !== null && last <= at && at < next);
      if (known !== undefined) return known;
      const found = {
        last: job.previousRuns(1, new Date(at + 1))[0]?.getTime() ?? null,
        next: job.nextRun(new Date(at))?.getTime() ?? null,
      };
      kept.unshift(found);
      kept.length = Math.min(kept.length, mostKept);
      return found;
    },
  };
}

/** 29 February comes at least once in these. */
const someDay = Date.UTC(2025, 0, 1);

/** Why a cron line is none, as the rest of a sentence that begins with it; null where it is one. */
export function cronProblem(cron: string): string | null {
  const isNickname = /^@[a-z]+$/i.test(cron);
  if (!isNickname && cron.trim().split(/\s+/).length !== 5)
    return 'is no cron line: it takes five fields, minute, hour, day, month and weekday, such as 17 3 * * SUN';
  try {
    return cronTimes(cron, 'UTC').around(someDay).next === null ? 'never comes: no year has such a day' : null;
  } catch (error) {
    return `is no cron line: ${(error as Error).message.replace(/^CronPattern: /, '')}`;
  }
}
