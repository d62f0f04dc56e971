import type { Report } from '../model/report.ts';

/** One JSON document, indented, with a line end. */
export function toJson(report: Report): string {
  return `${printableJson(report, 2)}\n`;
}

/**
 * JSON in which no invisible character stands as itself: C1 controls and direction marks, which JSON would let through, are
 * written as `\uXXXX`. It reads back as the same value.
 */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/[\x7f-\x9f\p{Cf}\u2028\u2029]/gu, escaped);
}

function escaped(char: string): string {
  return char
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
