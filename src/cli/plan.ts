import { type Safety, safeties } from '../model/judgement.ts';
import type { Target } from '../model/target.ts';
import { UsageError } from '../model/usage-error.ts';
import { counted } from '../report/figures.ts';
import { blank, gap, layOut, type Page, type Para } from '../report/layout.ts';
import { forbidden, isAllowed, placeOf, portsOf, withNeeded } from '../scan/choice.ts';
import { loadTime } from '../scan/load-time.ts';
import type { Question } from './scan-question.ts';
import type { KnownProbe } from './scanner.ts';
import type { Sink } from './sinks.ts';

/** Writes the plan of a scan to each sink. Gives the exit code. */
export function writePlan(question: Question, sinks: readonly Sink<never>[]): number {
  if (sinks.some(({ format }) => format !== 'terminal'))
    throw new UsageError('--plan is text for people: leave out --format');
  for (const { page, write, keep } of sinks) {
    write(planText(question, page));
    keep();
  }
  return 0;
}

/** What a scan would send, how much and how long, told without a single packet. */
function planText({ targets, options, scanner }: Question, page: Page): string {
  const chosen = withNeeded(scanner.probes, options).map((probe) => ({ probe, bar: barOf(probe, targets, options) }));
  const runs = chosen.flatMap(({ probe, bar }) => (bar === null ? [probe] : []));
  const atServers = runs.filter((probe) => !isAboutDomain(probe));
  const mayBeDomain = targets.some(({ kind }) => kind === 'name');
  const aboutDomains = mayBeDomain ? runs.filter(isAboutDomain) : [];
  const barred = chosen.flatMap(({ probe, bar }): Para[] =>
    bar === null ? [] : [{ indent: 2, text: `${probe.id}: ${bar}` }],
  );
  const aside = atServers.length + aboutDomains.length === 0 && barred.length === 0 ? [nothingToAsk] : [];
  const sections: Para[][] = [
    [
      {
        lead: [['strong', `${counted(targets.length, 'target')}:`], gap],
        text: targets.map(describe(options)).join(', '),
        hang: 2,
      },
    ],
    list(`Would run on each endpoint (--allow ${options.allow}):`, atServers.map(row)),
    list('Would be asked of DNS, about each domain:', aboutDomains.map(row)),
    list('Would not run:', barred),
    aside,
    safeties.filter((safety) => atServers.some((probe) => probe.safety === safety)).map(sends),
    [...questionsToDns(aboutDomains), ...(atServers.length > 0 ? bounds(atServers, options) : [])],
  ];
  const filled = sections.filter(({ length }) => length > 0);
  return layOut(
    filled.flatMap((section, at) => (at === 0 ? section : [blank, ...section])),
    page,
  );
}

const nothingToAsk: Para = {
  text: 'Would ask nothing: what was chosen is about domains, and no target is one.',
  hang: 2,
};

/** Why a probe would run at none of the targets; null where it may at one. */
function barOf(probe: KnownProbe, targets: Question['targets'], options: Question['options']): string | null {
  const bars = targets.map((target) => forbidden(probe, placeOf(target), options));
  return bars.includes(null) ? null : (bars[0] ?? null);
}

function describe(options: Question['options']): (target: Target) => string {
  const { ofDomain, ofHost } = portsOf(options);
  return (target) => {
    if (target.kind === 'endpoint') return `${target.host} port ${target.port}`;
    if (target.kind === 'address' || options.ports !== null) return `${target.input} ports ${ofHost.join(', ')}`;
    return `${target.input} (its MX hosts on ${ofDomain.join(', ')}; without MX ports ${ofHost.join(', ')})`;
  };
}

const list = (title: string, rows: readonly Para[]): Para[] =>
  rows.length === 0 ? [] : [{ lead: [['strong', title]] }, ...rows];

/** Questions about domains are put to DNS, and cost no server anything. */
const isAboutDomain = ({ cost }: KnownProbe): boolean => cost.lookups !== undefined;

function questionsToDns(probes: readonly KnownProbe[]): Para[] {
  if (probes.length === 0) return [];
  const lookups = probes.reduce((sum, { cost }) => sum + (cost.lookups ?? 0), 0);
  const file = probes.some(({ id }) => id === 'mta-sts') ? ', and one file over HTTPS, the policy of mta-sts' : '';
  const text = `About each domain: at most about ${counted(lookups, 'question')} to DNS, none put twice${file}.`;
  return [{ text, hang: 2 }];
}

const row = ({ id, safety, question }: KnownProbe): Para => ({
  indent: 2,
  lead: [['plain', safety.padEnd(11)], ['strong', id.padEnd(18)], gap],
  text: question,
});

const sent: Record<Safety, string> = {
  passive: 'DNS questions, connections, EHLO, STARTTLS, QUIT',
  active: 'MAIL, RCPT, RSET, VRFY, EXPN, and AUTH without credentials; never DATA, so no message is sent',
  intrusive: 'odd bytes, logins that fail, and DATA to a mailbox or sink of your own',
  load: 'many connections or commands, to find limits; it can lock this address out for a while',
};

const sends = (safety: Safety): Para => ({ lead: [['strong', `${safety}:`], gap], text: sent[safety], hang: 2 });

/**
 * Probes share connections: what each would take alone is the most that a server takes which does not cut sessions
 * short.
 */
function bounds(runs: readonly KnownProbe[], { restraint, allow, authorized }: Question['options']): Para[] {
  const connections = runs.reduce((sum, probe) => sum + probe.cost.connections, 0);
  const commands = runs.reduce((sum, probe) => sum + probe.cost.commands, 0);
  const loud = runs.filter((probe) => probe.safety === 'load');
  const waits = loadTime(loud, false, restraint);
  const patience =
    restraint.patienceSeconds > 0 ? `, for a limiter to let us in up to ${restraint.patienceSeconds} s` : '';
  const texts = [
    `To each endpoint: about ${counted(connections, 'connection')} and ${counted(commands, 'command')}, and at most ${restraint.connectionsPerEndpoint} connections whatever the server does; at most ${restraint.connectionsPerAddress} to an address at once. An address takes at most ${restraint.addressSeconds / 60} min (--max-minutes).`,
    `Where a round trip takes 100 ms: up to about ${Math.ceil((connections * 3 + commands) / 10)} s in lock step, far less with PIPELINING.`,
    ...(loud.length > 0
      ? [
          `Load probes wait as well, for windows to pass and for the server to lose patience: up to about ${Math.ceil(waits / 60)} min an endpoint, side by side where that changes no count. Each sends at most ${restraint.maxEvents} events (--max-events), as many again where a first burst told nothing, and stops at the first refusal; all of them together end after ${restraint.loadSeconds / 60} min more (--max-minutes) or ${restraint.loadConnections} connections.`,
        ]
      : []),
    `Waits, at most: for a reply ${restraint.replySeconds} s, for a whole dialogue ${restraint.dialogueSeconds} s${patience}.`,
    ...(isAllowed('intrusive', allow) && !authorized
      ? [
          'At a public address, and wherever DNS leads, intrusive and load probes run only with --authorized, which says that you may.',
        ]
      : []),
  ];
  return texts.map((text): Para => ({ text, hang: 2 }));
}
