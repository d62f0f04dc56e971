import { type Exchange, isPositive, offers } from '../../model/reply.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import type { Wire } from '../probe.ts';
import { addressLiteral, registrableDomain } from '../subject.ts';
import { openingReading } from './opening-reading.ts';
import type { RelayOpening } from './phase.ts';

export interface RelayPlan {
  readonly tls: boolean;
  /** Only the forms that matter inside TLS when they were asked in clear before. */
  readonly brief: boolean;
  readonly serverName: string | null;
}

/** Tries senders, HELO names and outside domains until the answer is about relaying. */
export async function openRelayDialogue(wire: Wire, plan: RelayPlan): Promise<RelayOpening[]> {
  const { subject } = wire;
  const openings: RelayOpening[] = [];
  const senders = [subject.sender, ''];
  const externals = [...subject.externals];
  const helos = [subject.helo];
  for (let tries = 0; tries < 4; tries++) {
    const [sender, external, helo] = [senders[0], externals[0], helos[0]];
    if (sender === undefined || external === undefined || helo === undefined) break;
    const opening = await openOnce(wire, plan, { sender, external, helo }, helos);
    openings.push(opening);
    const reading = openingReading(opening);
    const ofSender = reading?.meaning === 'our-domain' && reading.about === 'sender';
    // An outside domain that is accepted may be hosted here by chance: two that have nothing to do with each other hardly are.
    const byChance = reading?.meaning === 'accepted' && !subject.externalGiven && tries === 0;
    if (reading?.meaning === 'sender-rejected' || ofSender) senders.shift();
    else if (reading?.meaning === 'helo-rejected') helos.shift();
    else if (reading?.meaning === 'our-domain' || byChance) externals.shift();
    else break;
  }
  return openings;
}

async function openOnce(
  wire: Wire,
  plan: RelayPlan,
  names: Pick<RelayOpening, 'sender' | 'external' | 'helo'>,
  helos: string[],
): Promise<RelayOpening> {
  const { sender, external, helo } = names;
  const nothing = { session: null, mail: null, rcpt: null, odd: null, controls: [], strict: false, auth: false };
  const controls = controlCandidates(wire, plan);
  const room = { refusals: Math.min(wire.allowance.refusals, controls.length + 1), mistakes: 1, nonMail: 2 };
  const own = [`MAIL FROM:<${sender}>`, ...[external, ...controls].map((to) => `RCPT TO:<${to}>`), 'RSET'];
  // One odd form, to learn whether such forms count as syntax errors here: Exim hangs up after three.
  const odd = [`MAIL FROM:<${sender}>`, `RCPT TO:<"${external}">`, 'RSET'];
  try {
    await using session = await wire.session({ tls: plan.tls, helo, ...room });
    if (helos.length === 1 && !helo.startsWith('[')) helos.push(addressLiteral(session.localAddress));
    const auth = offers(session.ehlo.reply, 'AUTH');
    const { exchanges, cut } = await session.flight([...own, ...odd]);
    const [mail = null, rcpt = null, ...rest] = exchanges;
    const answered = rest
      .slice(0, controls.length)
      .map((exchange, index) => ({ recipient: controls[index] ?? '', exchange }));
    const oddAnswer = exchanges[own.length + 1] ?? null;
    const told = rcpt !== null || (mail !== null && !isPositive(mail.reply));
    return {
      ...nothing,
      ...names,
      session: session.id,
      mail,
      rcpt,
      odd: oddAnswer,
      controls: answered,
      strict: isSyntaxError(oddAnswer),
      auth,
      cut: told ? null : cut,
    };
  } catch (error) {
    return { ...nothing, ...names, cut: troubleOf(error) };
  }
}

function isSyntaxError(exchange: Exchange | null): boolean {
  const code = exchange?.reply.code ?? 0;
  return code >= 500 && code <= 504;
}

/** Recipients that should be the server's own: the user's, else postmaster at every domain it may have (RFC 5321 §4.5.1). */
function controlCandidates({ subject }: Wire, { serverName }: { serverName: string | null }): string[] {
  const domains = [
    subject.domain,
    ...(subject.domainGiven || serverName === null ? [] : [registrableDomain(serverName), serverName]),
  ];
  const postmasters = [...new Set(domains)].filter((domain) => domain !== null).map((domain) => `postmaster@${domain}`);
  const asked = subject.recipient === null ? postmasters : [subject.recipient];
  return [...asked, 'postmaster'];
}
