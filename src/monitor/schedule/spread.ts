import { createHash } from 'node:crypto';

/**
 * A part of `span`, in whole seconds, from 0 to less than it: always the same for the same parts, and spread evenly
 * over others. Milliseconds.
 */
export function spreadOver(span: number, ...parts: readonly (string | number)[]): number {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return Math.floor(((digest.readUIntBE(0, 6) / 2 ** 48) * span) / 1000) * 1000;
}
