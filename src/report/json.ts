import type { Report } from '../model/report.ts';

/** One JSON document with a line end: the frame is indented, each endpoint is one line. */
export function toJson(report: Report): string {
  return [...jsonParts(report)].join('');
}

/** The same in parts, one an endpoint: a report on hundreds of servers never stands in memory as one text. */
export function* jsonParts(report: Report): Generator<string> {
  // Two spaces: the one at the top, not that of a target.
  const placeholder = '\n  "endpoints": []';
  const [head = '', tail = ''] = printableJson({ ...report, endpoints: [] }, 2).split(placeholder);
  yield `${head}\n  "endpoints": [`;
  for (const [index, endpoint] of report.endpoints.entries()) {
    yield index === 0 ? '\n    ' : ',\n    ';
    yield printableJson(endpoint);
  }
  yield `${report.endpoints.length === 0 ? '' : '\n  '}]${tail}\n`;
}

/**
 * JSON in which no invisible character stands as itself: C1 controls, direction marks and whatever else `visible()`
 * hides, which JSON would let through, are written as `\uXXXX`. It reads back as the same value.
 */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/(?!\n)[\p{C}\u2028\u2029]/gu, escaped);
}

function escaped(char: string): string {
  return char
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
