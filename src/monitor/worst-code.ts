import type { Summary } from '../model/report.ts';

type ExitCode = Summary['exitCode'];

/** From least to worst: an error of our own comes before findings, findings before doubt. */
const order: readonly ExitCode[] = [0, 2, 1, 3];

/** The exit code of several scans together; 0 of none. */
export const worstCode = (codes: readonly ExitCode[]): ExitCode =>
  order[Math.max(0, ...codes.map((code) => order.indexOf(code)))] ?? 0;
