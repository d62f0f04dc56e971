import type { Incident } from '../../monitor/alerts/incident.ts';
import { worstFirst } from '../../monitor/alerts/steps.ts';
import type { Store } from '../../monitor/store.ts';
import { incidentsDocument } from '../../monitor/words/incidents.ts';
import type { CommandLine } from '../arguments.ts';
import { writing } from '../command.ts';
import { documentOptions } from '../document-options.ts';
import { writeAll } from '../sinks.ts';
import type { Usage } from '../usage.ts';
import { namedIncident, namedMonitor, since, sinceOption, storeOf, storeOption } from './use-store.ts';

const usage: Usage = {
  words: '[name|id]',
  about:
    'What is wrong now, the worst first: all of it, of one monitor, or one incident with what was said, how to mend it and what has happened to it.',
  options: {
    store: storeOption,
    all: { about: 'Those that are over, too' },
    since: { ...sinceOption, about: `Those that are over, too, if that is as new: ${sinceOption.about.slice(21)}` },
    ...documentOptions(incidentsDocument),
  },
  examples: [
    ['', 'what is open'],
    ['mx --since 30d', 'of one monitor, with what is over'],
    ['4f1c02', 'one of them, by the beginning of its id'],
  ],
};

/** `mxprobe monitor incidents`. */
export const command = writing(usage, incidentsDocument, async (given, sinks, io) => {
  await using store = await storeOf(given, io);
  const at = Date.now();
  const one = await meant(given.words, store);
  if (one !== null) {
    await writeAll({ at, incidents: [one], events: await store.incidentEvents(one.id) }, sinks);
    return 0;
  }
  const monitor = await namedMonitor(given, store, 'incidents mx');
  const incidents = await store.incidents({ monitor, ...wanted(given) });
  await writeAll({ at, incidents: incidents.toSorted(openFirst), events: null }, sinks);
  return 0;
});

/** The incident that the words name; null where they are about all, or a monitor, whose name may look like an id. */
async function meant([word, ...others]: readonly string[], store: Store): Promise<Incident | null> {
  if (word === undefined || others.length > 0) return null;
  const isMonitor = (await store.monitors()).some(({ id }) => id === word);
  return isMonitor ? null : await namedIncident(word, store);
}

function wanted(given: CommandLine): { isOpen: boolean; since?: number | undefined } {
  const from = given.one('since', since) ?? undefined;
  return { isOpen: from === undefined && !given.has('all'), since: from };
}

function openFirst(a: Incident, b: Incident): number {
  const isOver = ({ state }: Incident) => Number(state === 'closed');
  return isOver(a) - isOver(b) || (isOver(a) === 1 ? (b.closedAt ?? 0) - (a.closedAt ?? 0) : worstFirst(a, b));
}
