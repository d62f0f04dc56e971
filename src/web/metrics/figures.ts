import type { MeasuredHere } from '../../monitor/store.ts';
import { serverWords } from '../../monitor/words/common.ts';
import { grouped } from '../../report/grouped.ts';
import { measuredLimit } from '../../report/measured-limit.ts';
import { seconds } from './gauge.ts';

export interface Figure {
  readonly monitor: string;
  /** `host:port`: addresses come and go, and would leave a series behind each. */
  readonly endpoint: string;
  readonly probe: string;
  readonly value: number;
}

/** When certificates end, in seconds since 1970. */
export const certificateEnds = (measured: readonly MeasuredHere[]): Figure[] => lowest(measured, certificateEnd);

export const limits = (measured: readonly MeasuredHere[]): Figure[] => lowest(measured, measuredLimit);

export function certificateEnd({ probe, measured = {} }: Partial<Pick<MeasuredHere, 'probe' | 'measured'>>) {
  const { validTo } = measured;
  const at = probe === 'tls-certificate' && typeof validTo === 'string' ? Date.parse(validTo) : Number.NaN;
  return Number.isNaN(at) ? null : seconds(at);
}

function lowest(measured: readonly MeasuredHere[], of: (one: MeasuredHere) => number | null): Figure[] {
  const all = measured.flatMap((one): Figure[] => {
    const value = of(one);
    const { monitor, probe } = one;
    return value === null ? [] : [{ monitor, endpoint: serverWords(one), probe, value }];
  });
  return grouped(all, ({ monitor, endpoint, probe }) => JSON.stringify([monitor, endpoint, probe])).map(
    (group) => group.toSorted((a, b) => a.value - b.value)[0] ?? group[0],
  );
}
