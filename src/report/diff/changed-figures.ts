import type { Finding } from '../../model/report.ts';
import type { ChangedFigure, Figure } from './diff.ts';

/**
 * Figures that tell of the asking: when, with what words, from where, how long it took. They differ from scan to scan.
 */
const ofTheAsking: ReadonlySet<string> = new Set([
  'answers',
  'challengeHost',
  'cipher',
  'control',
  'daysLeft',
  'domain',
  'everySeconds',
  'events',
  'external',
  'held',
  'protocol',
  'recipient',
  'refusedAfter',
  'reply',
  'seconds',
  'secondsKnown',
  'secondsUnknown',
  'sender',
  'tried',
  'untested',
  'untold',
  'vantage',
]);

/** What the server's own figures were and are, where they differ. */
export function changedFigures(
  before: Pick<Finding, 'measured'>,
  after: Pick<Finding, 'measured' | 'probe'>,
): ChangedFigure[] {
  const was = before.measured ?? {};
  const is = after.measured ?? {};
  const names = [...new Set([...Object.keys(is), ...Object.keys(was)])].filter((name) => !ofTheAsking.has(name));
  return names
    .map((name) => ({ name, before: was[name] ?? null, after: is[name] ?? null }))
    .filter(({ name, before: one, after: other }) => !areSame(one, other, isTime(name, after.probe)));
}

/** Figures in seconds, which a clock on our side measured. */
const isTime = (name: string, probe: string): boolean =>
  name === 'sleepSeconds' || (name === 'limit' && (probe === 'idle-timeout' || probe === 'command-deadline'));

function areSame(one: Figure, other: Figure, isTime: boolean): boolean {
  if (isTime && typeof one === 'number' && typeof other === 'number') {
    return Math.abs(one - other) <= Math.max(1, one * 0.05);
  }
  return comparable(one) === comparable(other);
}

/** Lists in any order; the names that we make up are new in each scan. */
function comparable(figure: Figure): string {
  const known = (text: string) => text.replace(/mxprobe-[0-9a-f]{8,}/g, 'mxprobe-');
  if (typeof figure === 'string') return known(figure);
  return JSON.stringify(figure !== null && typeof figure === 'object' ? figure.map(known).toSorted() : figure);
}
