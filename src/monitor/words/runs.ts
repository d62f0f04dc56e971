import type { Document } from '../../report/documents.ts';
import { gap, layOut, type Para, type Style } from '../../report/layout.ts';
import type { Run } from '../run.ts';
import { isoTime, shortId, timeWords } from './common.ts';

export const runsDocument: Document<readonly Run[]> = {
  terminal: async (runs, page) => [layOut(runs.length === 0 ? [{ text: 'no runs' }] : runs.map(runPara), page)],
  json: async (runs) => [`${JSON.stringify({ schema: 1, kind: 'monitor-runs', runs: runs.map(runJson) }, null, 2)}\n`],
};

/** A run for machines. */
export function runJson({ dueAt, startedAt, finishedAt, ...run }: Run): object {
  return { ...run, dueAt: isoTime(dueAt), startedAt: isoTime(startedAt), finishedAt: isoTime(finishedAt) };
}

function runPara(run: Run): Para {
  return {
    lead: [['strong', shortId(run.id)], gap, ['plain', timeWords(run.dueAt)], gap, [styleOf(run), outcome(run)], gap],
    text: `${run.monitor} ${run.schedule}${details(run)}`,
    hang: 10,
  };
}

const styleOf = ({ state, exitCode }: Run): Style => {
  if (state !== 'done') return state === 'failed' ? 'worst' : 'faint';
  return exitCode === 0 ? 'good' : exitCode === 1 ? 'bad' : 'doubtful';
};

const outcome = ({ state, exitCode }: Run): string => (state === 'done' ? `exit ${exitCode}` : state).padEnd(7);

function details({ counts, because, missed, isKept, startedAt, finishedAt, state }: Run): string {
  const took = startedAt === null || finishedAt === null ? [] : [`${(finishedAt - startedAt) / 1000} s`];
  const parts = [
    ...(counts === null ? [] : [`${counts.fail} fail, ${counts.inconclusive} inconclusive, ${counts.pass} pass`]),
    ...(state === 'done' ? took : []),
    ...(because === null ? [] : [because]),
    ...(missed === 0 ? [] : [`for ${missed} missed before it, too`]),
    ...(isKept ? ['report kept'] : []),
  ];
  return parts.length === 0 ? '' : `: ${parts.join('; ')}`;
}
