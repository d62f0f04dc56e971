import { type Exchange, isNegative, isPositive, offers } from '../../model/reply.ts';
import { meaningOf } from '../../mta/reply-meaning.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import type { Wire } from '../probe.ts';
import { type Played, play, type Step } from '../transactions/play.ts';
import { isSlow } from './pace.ts';
import type { RelayOpening } from './phase.ts';

/** The names that an opening is made with. */
export type OpeningNames = Pick<RelayOpening, 'sender' | 'external' | 'helo'>;

/**
 * How the outside recipient is asked: behind the best control, so that it is heard where the server hangs up at the
 * first refusal; each in a transaction of its own, where one recipient is all that a transaction may have; or alone,
 * where the control is refused and that is the end.
 */
type Way = 'together' | 'apart' | 'alone';

/**
 * Opens with an outside recipient and the server's own, once; and again in another way where that one brought nothing.
 */
export async function openOnce(wire: Wire, tls: boolean, names: OpeningNames, controls: readonly string[]) {
  let way: Way | null = 'together';
  while (true) {
    const oneByOne = wire.oneByOne;
    const opening = await openBy(way, wire, tls, names, controls);
    const lostInFlight = opening.cut !== null && wire.oneByOne !== oneByOne;
    const next: Way | null = lostInFlight ? way : wayAfter(opening, way);
    if (next === null) return opening;
    way = next;
  }
}

function wayAfter({ rcpt, mail, controls, cut }: RelayOpening, way: Way): Way | null {
  if (way !== 'together' || mail === null || !isPositive(mail.reply)) return null;
  if (rcpt !== null && meaningOf(rcpt.reply, { stage: 'rcpt' }) === 'limit-recipients-per-message') return 'apart';
  return cut !== null && controls.some(({ exchange }) => isNegative(exchange.reply)) ? 'alone' : null;
}

async function openBy(
  way: Way,
  wire: Wire,
  tls: boolean,
  names: OpeningNames,
  controls: readonly string[],
): Promise<RelayOpening> {
  const { sender, external, helo } = names;
  const nothing = { session: null, mail: null, rcpt: null, odd: null, controls: [], strict: false, auth: false };
  const room = { refusals: Math.min(wire.allowance.refusals, controls.length + 1), mistakes: 1, nonMail: 3 };
  try {
    await using session = await wire.session({ tls, helo, ...room });
    const auth = offers(session.ehlo.reply, 'AUTH');
    const first = await play(session, firstSteps(way, sender, external, controls), { wary: false });
    const { mail, rcpt } = first.played.find(({ recipient }) => recipient === external) ?? { mail: null, rcpt: null };
    const taken = mail !== null && isPositive(mail.reply);
    const more = taken && first.cut === null ? moreSteps(first.played, names, controls) : [];
    const second = more.length === 0 ? null : await play(session, more, { wary: false });
    const played = [...first.played, ...(second?.played ?? [])];
    const odd = played.find(({ recipient }) => recipient === oddForm(external))?.rcpt ?? null;
    const told = rcpt !== null || (mail !== null && !taken);
    return {
      ...names,
      session: session.id,
      mail,
      rcpt: taken ? rcpt : null,
      odd,
      controls: taken ? heardOf(controls, played) : [],
      strict: isSyntaxError(odd),
      auth,
      cut: told ? null : first.cut,
    };
  } catch (error) {
    return { ...nothing, ...names, cut: troubleOf(error) };
  }
}

function firstSteps(way: Way, sender: string, external: string, [control]: readonly string[]): Step[] {
  const known = control === undefined || way === 'alone' ? [] : [control];
  if (way === 'together') return [{ sender, recipients: [...known, external] }];
  return [...known, external].map((recipient) => ({ sender, recipients: [recipient] }));
}

/**
 * The other controls, where none was taken; and one odd form, to learn whether such forms count as syntax errors here:
 * Exim hangs up after three. Where each refusal takes long, that is not worth it.
 */
function moreSteps(played: readonly Played[], { sender, external }: OpeningNames, controls: readonly string[]): Step[] {
  const isTaken = ({ recipient, rcpt }: Played) => recipient !== external && rcpt !== null && isPositive(rcpt.reply);
  const open = controls.filter((control) => !played.some(({ recipient }) => recipient === control));
  return [
    ...(played.some(isTaken) ? [] : open.map((recipient) => ({ sender, recipients: [recipient] }))),
    ...(isSlow(played) ? [] : [{ sender, recipients: [oddForm(external)] }]),
  ];
}

const oddForm = (external: string): string => `"${external}"`;

const heardOf = (controls: readonly string[], played: readonly Played[]) =>
  controls.flatMap((recipient) => {
    const rcpt = played.find((one) => one.recipient === recipient)?.rcpt ?? null;
    return rcpt === null ? [] : [{ recipient, exchange: rcpt }];
  });

function isSyntaxError(exchange: Exchange | null): boolean {
  const code = exchange?.reply.code ?? 0;
  return code >= 500 && code <= 504;
}
