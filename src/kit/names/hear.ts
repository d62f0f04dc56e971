import { hindered, type Inconclusive, type Measured } from '../../model/judgement.ts';
import { cite } from '../../model/reply.ts';
import { type Trouble, trouble } from '../../model/trouble.ts';
import { type Meaning, meaningOf } from '../../mta/reply-meaning.ts';
import { rejectedSession } from '../control.ts';
import type { NameAnswer, NamesData } from './phase.ts';

export type HeardName = NameAnswer & {
  readonly meaning: Meaning;
  readonly says: 'yes' | 'unsaid' | 'no' | 'other';
};

export interface HeardOfNames {
  readonly heard: readonly HeardName[];
  readonly measured: Measured;
  /** Why nothing can be said of names, where that is so. */
  readonly untold: Inconclusive | null;
  readonly cut: Trouble | null;
}

/** What was heard, and the figures on it. */
export function hearNames({ phases }: NamesData, stage: 'vrfy' | 'expn'): HeardOfNames {
  const phase = phases.at(-1);
  if (phase === undefined) throw new Error('there is no phase');
  const heard = phase.answers.map((answer) => {
    const meaning = meaningOf(answer.exchange.reply, { stage, recipient: answer.name });
    return { ...answer, meaning, says: says[meaning] ?? 'other' };
  });
  const linesOf = (random: boolean) =>
    heard.filter(({ who }) => (who === 'random') === random).map(({ exchange }) => exchange.reply.lines[0].text);
  const measured = {
    tried: heard.map(({ name }) => name),
    known: linesOf(false),
    unknown: linesOf(true),
    advertised: phases.some(({ listed }) => listed),
    tls: phase.tls,
  };
  const { cut, control = [] } = phase;
  const rejected = heard.map(({ exchange }) => rejectedSession(exchange.reply, control)).find((one) => one !== null);
  if (rejected !== undefined) return { heard, measured, untold: hindered(rejected, { measured }), cut };
  const met = cut ?? nothingAnswered;
  const before = phases.slice(0, -1).flatMap(({ answers }) => answers.slice(-1).map(({ exchange }) => exchange.reply));
  const evidence = [...before.map((reply) => cite(reply)), ...met.evidence];
  return { heard, measured, untold: heard.length > 0 ? null : hindered(met, { evidence, measured }), cut };
}

const nothingAnswered = trouble('ambiguous', 'unknown', 'nothing was answered');

/** `unsaid`: 252, or no answer to anybody. All else speaks of us, of the moment, of the domain or of the form. */
const says: Partial<Record<Meaning, HeardName['says']>> = {
  accepted: 'yes',
  noncommittal: 'unsaid',
  'disabled-command': 'unsaid',
  'auth-required': 'unsaid',
  'unknown-user': 'no',
  'refused-permanent': 'no',
  'relay-or-unknown': 'no',
};
