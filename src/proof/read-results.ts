import { z } from 'zod';
import { arrivalShape } from '../model/arrival.ts';
import type { Taken } from './results.ts';

type ReadResults = { readonly domain: string; readonly taken: readonly Taken[] } | { readonly problem: string };

const heading = z.object({ sink: z.string(), startedAt: z.string() });
const taken = arrivalShape(z).extend({ token: z.string() });

/** A file of results, the last line of which may be half written. A sink that was started again heads it once more. */
export function readResults(text: string): ReadResults {
  const entries = text.split('\n').slice(0, -1).map(parsed);
  const first = heading.safeParse(entries[0]);
  if (!first.success) return { problem: 'does not begin as the results of mxprobe sink do' };
  const messages: Taken[] = [];
  for (const [index, entry] of entries.entries()) {
    if (heading.safeParse(entry).success) continue;
    const message = taken.safeParse(entry);
    if (!message.success) return { problem: `has no message of a sink in line ${index + 1}` };
    messages.push(message.data);
  }
  return { domain: first.data.sink, taken: messages };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
