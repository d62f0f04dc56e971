import type { Role, TlsMode } from '../model/endpoint.ts';
import { severities } from '../model/judgement.ts';
import type { Finding, MtaGuess } from '../model/report.ts';
import { isEndpoint, type Reported } from '../model/reported.ts';
import { isUntold } from '../model/summary.ts';
import { costLine, counted } from './figures.ts';
import { grouped } from './grouped.ts';

const roles: Record<Role, string> = {
  mx: 'takes mail from other servers',
  submission: 'takes mail from its users',
  submissions: 'takes mail from its users',
};
const modes: Record<TlsMode, string> = { starttls: 'begins in clear', implicit: 'TLS from the first byte' };

/** What the endpoint is for, and what runs there. */
export function aboutWords(reported: Reported): string {
  if (!isEndpoint(reported)) return 'mail domain | what DNS says of it';
  const { role, tls, mta } = reported;
  return `${role} (${roles[role]}, ${modes[tls]}) | ${software(mta)}`;
}

function software({ name, version, by }: MtaGuess): string {
  if (name === null) return 'software not recognised';
  return [name, ...(version === null ? [] : [version]), ...(by === null ? [] : [`(told by ${by})`])].join(' ');
}

/** Fails, the worst first. */
export function worstFirst(fails: readonly Finding[]): Finding[] {
  return fails.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
}

/** Questions that one and the same trouble left open: it is told once. */
export function sameReason(untold: readonly Finding[]): [Finding, ...Finding[]][] {
  return grouped(untold, ({ doubt, because, measured = null, waived, waiverOver, mustTell }) =>
    JSON.stringify([doubt, because, measured, waived, waiverOver, mustTell]),
  );
}

/** Nothing was told, and all for one and the same trouble: nobody is there, or nobody talks to us. */
export function isUnanswered({ findings }: Pick<Reported, 'findings'>): boolean {
  const told = findings.some(({ verdict }) => verdict === 'pass' || verdict === 'fail' || verdict === 'error');
  const untold = findings.filter(isUntold);
  const troubles = new Set(
    untold.map(({ doubt, cause, waived, mustTell }) => JSON.stringify([doubt, cause, waived, mustTell])),
  );
  return !told && troubles.size === 1;
}

/** Questions that were not allowed, by the option that allows them: `needs --allow load`. */
export function byNeed(barred: readonly Finding[]): { readonly need: string; readonly findings: readonly Finding[] }[] {
  return grouped(barred, need).map((findings) => ({ need: need(findings[0]), findings }));
}

function need({ because }: Finding): string {
  const option = /--allow (?:intrusive|load|active)/.exec(because)?.[0];
  return option === undefined ? because : `needs ${option}`;
}

/** What asking it cost: the server, or DNS. */
export const costWords = (reported: Reported): string =>
  isEndpoint(reported)
    ? costLine(reported.cost)
    : `${counted(reported.sessions.flatMap(({ events }) => events).length, 'question')} to DNS`;
