import { type Safety, safeties } from '../model/judgement.ts';
import type { Target } from '../model/target.ts';
import { counted } from '../report/figures.ts';
import { blank, gap, layOut, type Page, type Para } from '../report/layout.ts';
import type { ScanOptions } from '../scan/options.ts';
import type { CatalogueEntry } from './library.ts';

type Options = Pick<ScanOptions, 'allow' | 'authorized' | 'probes' | 'skip' | 'ports' | 'limits'>;

/** What a scan would send, how much and how long, told without a single packet. */
export function planText(
  targets: readonly Target[],
  options: Options,
  catalogue: readonly CatalogueEntry[],
  page: Page,
): string {
  const chosen = chosenOf(catalogue, options);
  const runs = chosen.filter((probe) => isAllowed(probe.safety, options.allow));
  const barred = chosen.filter((probe) => !isAllowed(probe.safety, options.allow));
  return layOut(
    [
      {
        lead: [['strong', `${counted(targets.length, 'target')}:`], gap],
        text: targets.map(describe(options.ports)).join(', '),
        hang: 2,
      },
      blank,
      { lead: [['strong', `Would run on each endpoint (--allow ${options.allow}):`]] },
      ...runs.map(row),
      ...(barred.length > 0
        ? [blank, { lead: [['strong', 'Would not run:']] } as const, ...barred.map(needsMore)]
        : []),
      blank,
      ...safeties.filter((safety) => runs.some((probe) => probe.safety === safety)).map(sends),
      blank,
      ...bounds(options),
    ],
    page,
  );
}

function describe(ports: readonly number[] | null): (target: Target) => string {
  return (target) => {
    if (target.kind === 'endpoint') return `${target.host} port ${target.port}`;
    if (ports !== null) return `${target.input} ports ${ports.join(', ')}`;
    return target.kind === 'address'
      ? `${target.input} ports 25, 587, 465`
      : `${target.input} (its MX hosts on 25; without MX ports 25, 587, 465)`;
  };
}

/** Those named, or all, with those whose data they need, less those skipped. */
function chosenOf(catalogue: readonly CatalogueEntry[], { probes, skip }: Options): CatalogueEntry[] {
  const chosen = new Set(probes.length > 0 ? probes : catalogue.map((probe) => probe.id));
  for (const probe of [...catalogue].reverse()) {
    if (chosen.has(probe.id)) for (const id of probe.needs) chosen.add(id);
  }
  return catalogue.filter((probe) => chosen.has(probe.id) && !skip.includes(probe.id));
}

const isAllowed = (safety: Safety, allow: Safety): boolean => safeties.indexOf(safety) <= safeties.indexOf(allow);

const row = ({ id, safety, question }: CatalogueEntry): Para => ({
  indent: 2,
  lead: [['plain', safety.padEnd(11)], ['strong', id.padEnd(18)], gap],
  text: question,
});

const needsMore = ({ id, safety }: CatalogueEntry): Para => ({ indent: 2, text: `${id}: needs --allow ${safety}` });

const sent: Record<Safety, string> = {
  passive: 'DNS questions, connections, EHLO, STARTTLS, QUIT',
  active: 'MAIL, RCPT, RSET, VRFY, EXPN, and AUTH without credentials; never DATA, so no message is sent',
  intrusive: 'odd bytes, logins that fail, and DATA to a mailbox or sink of your own',
  load: 'many connections or commands, to find limits; it can lock this address out for a while',
};

const sends = (safety: Safety): Para => ({ lead: [['strong', `${safety}:`], gap], text: sent[safety], hang: 2 });

function bounds({ limits, allow, authorized }: Options): Para[] {
  const loud = allow === 'intrusive' || allow === 'load';
  return [
    {
      text: `At most ${limits.connectionsPerAddress} connections to an address at once, ${limits.sessionsPerProbe} sessions a probe, ${limits.refusalsPerSession} refused recipients a session.`,
    },
    {
      text: `A server that answers is done in seconds; each reply is waited for up to ${limits.replySeconds} s, a whole dialogue up to ${limits.dialogueSeconds} s${limits.patienceSeconds > 0 ? `, a limiter up to ${limits.patienceSeconds} s` : ''}.`,
    },
    ...(loud && !authorized
      ? [{ text: `A public address is refused without --authorized, which says that you may.` }]
      : []),
  ];
}
