import type { Store } from '../../monitor/store.ts';
import { changeJson } from '../../monitor/words/changes.ts';
import { incidentJson } from '../../monitor/words/incidents.ts';
import { runJson } from '../../monitor/words/runs.ts';
import { spanJson } from '../../monitor/words/status.ts';
import { oneOf } from '../../scan/option-values.ts';
import type { Command } from '../command.ts';
import { namedMonitor, since, sinceOption, storeOf, storeOption } from './use-store.ts';

const formats = ['ndjson', 'csv'] as const;

/** `mxprobe monitor export`. */
export const command: Command = {
  usage: {
    words: '[name]',
    about:
      'Writes what is remembered to standard output. ndjson: runs, spans, changes and incidents, each a line with its kind. csv: the spans, which hold all answers and how long each held.',
    options: {
      store: storeOption,
      since: { ...sinceOption, about: sinceOption.about.replace('default 7d', 'default: all') },
      format: { value: 'name', values: formats, about: 'ndjson or csv (default ndjson)' },
    },
    examples: [
      ['> mxprobe.ndjson', 'all of it'],
      ['mx --since 90d --format csv > mx.csv', 'a quarter of one monitor, for a spreadsheet'],
    ],
  },
  async run(given, io) {
    const format = given.one('format', oneOf(formats)) ?? 'ndjson';
    const from = given.one('since', since) ?? undefined;
    await using store = await storeOf(given, io);
    const wanted = { monitor: await namedMonitor(given, store, 'export mx'), since: from };
    for await (const line of format === 'csv' ? csv(store, wanted) : ndjson(store, wanted))
      io.stdout.write(`${line}\n`);
    return 0;
  },
};

type Wanted = Parameters<Store['runs']>[0];

async function* ndjson(store: Store, wanted: Wanted): AsyncGenerator<string> {
  for (const run of await store.runs(wanted)) yield JSON.stringify({ kind: 'run', ...runJson(run) });
  for await (const span of store.spans(wanted)) yield JSON.stringify({ kind: 'span', ...spanJson(span) });
  // What sort of change it is has another name here: a line's kind is what it holds.
  for (const { kind: change, ...rest } of await store.changes(wanted))
    yield JSON.stringify({ ...changeJson({ kind: change, ...rest }), kind: 'change', change });
  for (const { kind: of, ...rest } of await store.incidents(wanted))
    yield JSON.stringify({ ...incidentJson({ kind: of, ...rest }), kind: 'incident', of });
}

const columns =
  'monitor host port address probe verdict severity doubt waived measured because quote firstAt lastAt firstRun lastRun endedRun'.split(
    ' ',
  );

async function* csv(store: Store, wanted: Wanted): AsyncGenerator<string> {
  yield columns.join(',');
  for await (const span of store.spans(wanted)) {
    const row = spanJson(span) as Readonly<Record<string, unknown>>;
    yield columns.map((name) => cell(row[name])).join(',');
  }
}

/** RFC 4180; a spreadsheet takes what begins with one of these for a formula. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
