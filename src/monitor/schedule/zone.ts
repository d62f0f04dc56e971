import { didYouMean } from '../../model/nearest.ts';

/** Why a time zone is none, as the rest of a sentence that begins with it; null where it is one (IANA, or UTC). */
export function zoneProblem(timezone: string): string | null {
  if (/^[a-z]/i.test(timezone) && isKnown(timezone)) return null;
  const known = [...Intl.supportedValuesOf('timeZone'), 'UTC'];
  return `is no time zone${didYouMean(timezone, known)}; it takes an IANA name, such as Europe/Berlin, or UTC`;
}

function isKnown(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** Minutes since midnight on the clocks of a time zone, at a time in ms since 1970. */
export function minuteOfDay(at: number, timeZone: string): number {
  const parts = clockOf(timeZone).formatToParts(at);
  const of = (type: 'hour' | 'minute') => Number(parts.find((part) => part.type === type)?.value);
  return of('hour') * 60 + of('minute');
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat('en', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  clocks.set(timeZone, clock);
  return clock;
}
