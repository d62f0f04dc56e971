import type { Document } from '../../report/documents.ts';
import { gap, layOut, type Para } from '../../report/layout.ts';
import type { Silence } from '../alerts/incident.ts';
import { isoTime, timeWords } from './common.ts';

/** What `monitor silence --list` says: those that are not over at a time, milliseconds UTC. */
export interface Silences {
  readonly at: number;
  readonly silences: readonly Silence[];
}

export const silencesDocument: Document<Silences> = {
  terminal: async ({ at, silences }, page) => [
    layOut(silences.length === 0 ? [{ text: 'no silences' }] : silences.map((one) => silencePara(one, at)), page),
  ],
  json: async ({ at, silences }) => [
    `${JSON.stringify(
      {
        schema: 1,
        kind: 'monitor-silences',
        at: isoTime(at),
        silences: silences.map((one) => ({ ...one, from: isoTime(one.from), until: isoTime(one.until) })),
      },
      null,
      2,
    )}\n`,
  ],
};

const silencePara = ({ id, match, from, until, because, author }: Silence, now: number): Para => ({
  lead: [['strong', id], gap, ['plain', match], gap],
  text: `${from > now ? `from ${timeWords(from)} ` : ''}until ${timeWords(until)}, by ${author}: ${because}`,
  hang: id.length + 2,
});
