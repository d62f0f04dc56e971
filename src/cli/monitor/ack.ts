import { UsageError } from '../../model/usage-error.ts';
import { timeWords } from '../../monitor/words/common.ts';
import { troubleWords } from '../../monitor/words/incidents.ts';
import type { Command } from '../command.ts';
import { say } from '../complain.ts';
import { by, byOption, namedIncident, storeOf, storeOption, until, untilOption } from './use-store.ts';

/** `mxprobe monitor ack`. */
export const command: Command = {
  usage: {
    words: '<incident>',
    about:
      'Says that somebody knows of an incident: it is not told again, nor to anybody else, until it gets worse or ends.',
    options: {
      store: storeOption,
      until: { ...untilOption, about: `No longer than that: ${untilOption.about}` },
      by: byOption,
    },
    examples: [
      ['4f1c02', 'by the beginning of its id'],
      ['4f1c02 --until 3d --by anna', 'for three days'],
    ],
  },
  async run(given, io) {
    const [word, ...others] = given.words;
    if (word === undefined || others.length > 0)
      throw new UsageError('name one incident: mxprobe monitor ack 4f1c02; mxprobe monitor incidents lists them');
    const end = given.one('until', until) ?? null;
    const who = by(given, io);
    await using store = await storeOf(given, io);
    const incident = await namedIncident(word, store);
    if (incident === null) throw new UsageError(`there is no incident "${word}": mxprobe monitor incidents lists them`);
    if (incident.state === 'closed')
      throw new UsageError(`incident ${incident.id} is over: nobody is told of it any more`);
    await store.ack(incident.id, who, end, Date.now());
    say(`${who} knows of ${troubleWords(incident)}${end === null ? '' : `, until ${timeWords(end)}`}`, io);
    return 0;
  },
};
