import type { Arrival } from '../model/arrival.ts';

/** A message that a sink took: what it keeps of it. */
export interface Taken extends Arrival {
  readonly token: string;
}

/** What a file of results begins with. */
export interface Heading {
  readonly sink: string;
  readonly startedAt: string;
}

/** One line of a file of results: NDJSON. */
export const lineOf = (entry: Heading | Taken): string => `${JSON.stringify(entry)}\n`;

export type ReadResults = { readonly domain: string; readonly taken: readonly Taken[] } | { readonly problem: string };

/** A file of results, the last line of which may be half written. */
export function readResults(text: string): ReadResults {
  const lines = text.split('\n').slice(0, -1);
  const entries = lines.map(parsed);
  const heading = entries[0];
  if (!isHeading(heading)) return { problem: 'does not begin as the results of mxprobe sink do' };
  const bad = entries.findIndex((entry) => !isHeading(entry) && !isTaken(entry));
  if (bad >= 0) return { problem: `has no message of a sink in line ${bad + 1}` };
  return { domain: heading.sink, taken: entries.filter(isTaken) };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const areTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

const isHeading = (entry: unknown): entry is Heading => isRecord(entry) && isText(entry.sink);

function isTaken(entry: unknown): entry is Taken {
  if (!isRecord(entry)) return false;
  const { token, at, peer, helo, sender, recipient, tls, received, authentication } = entry;
  return (
    [token, at].every(isText) &&
    [peer, helo, sender, recipient, tls].every(isTextOrNull) &&
    [received, authentication].every(areTexts)
  );
}
