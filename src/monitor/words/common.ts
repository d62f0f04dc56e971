import { hostWithPort } from '../../model/host-port.ts';
import { weights } from '../../report/weights.ts';
import type { Span, Subject } from '../span.ts';

/** `2026-01-31 07:05Z`. */
export const timeWords = (at: number): string => new Date(at).toISOString().replace('T', ' ').slice(0, 16).concat('Z');

/** For machines; null stays null. */
export const isoTime = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** What people type of a run's id. */
export const shortId = (id: string): string => id.slice(0, 8);

/** `mx1.example.com/192.0.2.1:25`, or the domain. */
export function placeWords({ host, port, address }: Subject): string {
  if (port === 0) return host;
  const shown = hostWithPort(address, port);
  return host === address ? shown : `${host}/${shown}`;
}

/** `mx1.example.com:25`, or the domain: all its addresses together. */
export const serverWords = ({ host, port }: Pick<Subject, 'host' | 'port'>): string =>
  port === 0 ? host : hostWithPort(host, port);

/** `failure [high]`, `note [info]`, `inconclusive, timeout`. */
export function answerWords(span: Span | null): string {
  if (span === null) return 'not asked';
  const { verdict, severity, doubt, waived } = span;
  const weight = `${weights[severity].weight} [${severity}]`;
  if (verdict === 'fail') return waived === undefined ? weight : `${weight}, waived until ${waived.until}`;
  return doubt === undefined ? verdict : `${verdict}, ${doubt}`;
}

const units = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1000, 'second'],
] as const;

/** `119 minutes`, `5 hours`: in the largest unit that there are two of. */
export function durationWords(milliseconds: number): string {
  const [size, name] = units.find(([unit]) => milliseconds >= 2 * unit) ?? [1000, 'second'];
  const count = Math.round(milliseconds / size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
