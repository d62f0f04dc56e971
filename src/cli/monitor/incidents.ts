import type { Incident } from '../../monitor/alerts/incident.ts';
import { worstFirst } from '../../monitor/alerts/steps.ts';
import { incidentsDocument } from '../../monitor/words/incidents.ts';
import type { CommandLine } from '../arguments.ts';
import { writing } from '../command.ts';
import { documentOptions } from '../document-options.ts';
import { writeAll } from '../sinks.ts';
import type { Usage } from '../usage.ts';
import { namedMonitor, since, sinceOption, storeOf, storeOption } from './use-store.ts';

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
  const [word = ''] = given.words;
  const [one, ...others] = given.words.length === 1 ? await store.incidentsNamed(word) : [];
  if (one !== undefined && others.length === 0) {
    await writeAll({ at, incidents: [one], events: await store.incidentEvents(one.id) }, sinks);
    return 0;
  }
  const monitor = await namedMonitor(given, store, 'incidents mx');
  const incidents = await store.incidents({ monitor, ...wanted(given) });
  await writeAll({ at, incidents: incidents.toSorted(openFirst), events: null }, sinks);
  return 0;
});

function wanted(given: CommandLine): { isOpen: boolean; since?: number | undefined } {
  const from = given.one('since', since) ?? undefined;
  return { isOpen: from === undefined && !given.has('all'), since: from };
}

function openFirst(a: Incident, b: Incident): number {
  const isOver = ({ state }: Incident) => Number(state === 'closed');
  return isOver(a) - isOver(b) || (isOver(a) === 1 ? (b.closedAt ?? 0) - (a.closedAt ?? 0) : worstFirst(a, b));
}
