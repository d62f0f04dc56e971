import { printableJson } from './json.ts';

/** One event of a scan as one line of JSON. */
export function toNdjson(event: { readonly type: string }): string {
  return `${printableJson(event)}\n`;
}
