import { isPositive } from '../../model/reply.ts';
import type { Trouble } from '../../model/trouble.ts';
import type { IntroducedSession } from '../../wire/session.ts';
import { ignoreTrouble, troubleOf } from '../../wire/trouble-error.ts';
import type { Wire } from '../probe.ts';
import { checkStep } from '../step.ts';
import { randomLocalPart } from '../subject.ts';
import type { RelayForm } from './forms.ts';
import type { Confirmation, RelayPhase, Stranger } from './phase.ts';

/** Forms that are asked again when accepted. */
const confirmLimit = 8;

type Confirmed = Pick<RelayPhase, 'confirmations' | 'strangers'>;

/**
 * Asks accepted forms once more, in lock step, and unknown local parts at the places of the server's own that they
 * name.
 */
export async function confirm(wire: Wire, tls: boolean, accepted: readonly RelayForm[]): Promise<Confirmed> {
  const chosen = accepted.slice(0, confirmLimit);
  const hosts = [...new Set(accepted.map(({ ownHost }) => ownHost))].filter((host) => host !== null);
  const confirmations: Confirmation[] = [];
  for (const helo of new Set(chosen.map((form) => form.helo))) {
    const forms = chosen.filter((form) => form.helo === helo);
    const want = { tls, helo, nonMail: forms.length };
    confirmations.push(...(await inSessions(wire, want, forms, confirmOne, unconfirmed)));
  }
  const sender = chosen[0]?.sender ?? '';
  const helo = chosen[0]?.helo ?? wire.subject.helo;
  const want = { tls, helo, refusals: hosts.length, nonMail: hosts.length };
  const ask = (session: IntroducedSession, host: string) => askStranger(session, sender, host);
  const strangers = await inSessions(wire, want, hosts, ask, () => null);
  return { confirmations, strangers: strangers.filter((stranger) => stranger !== null) };
}

/** Asks items one by one; what a session leaves open is asked in another, as long as each brings something. */
async function inSessions<Item, Result>(
  wire: Wire,
  want: Parameters<Wire['session']>[0],
  items: readonly Item[],
  ask: (session: IntroducedSession, item: Item) => Promise<Result>,
  instead: (item: Item, cut: Trouble) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  while (results.length < items.length) {
    const before = results.length;
    try {
      await using session = await wire.session(want);
      for (const item of items.slice(before)) results.push(await ask(session, item));
    } catch (error) {
      const cut = troubleOf(error);
      if (results.length === before) return [...results, ...items.slice(before).map((item) => instead(item, cut))];
    }
  }
  return results;
}

/** A transaction in lock step; EHLO ends it, and its answer shows that replies and commands still pair up. */
async function confirmOne(session: IntroducedSession, { id, sender, recipient }: RelayForm): Promise<Confirmation> {
  const mail = await session.say(`MAIL FROM:<${sender}>`);
  if (!isPositive(mail.reply)) return { id, mail, rcpt: null, quit: null, cut: null };
  const rcpt = await session.say(`RCPT TO:<${recipient}>`);
  const slip = await checkStep(session);
  return { id, mail, rcpt, quit: null, inStep: slip === null, cut: slip };
}

const unconfirmed = ({ id }: RelayForm, cut: Trouble): Confirmation => ({
  id,
  mail: null,
  rcpt: null,
  quit: null,
  cut,
});

async function askStranger(session: IntroducedSession, sender: string, host: string): Promise<Stranger | null> {
  const mail = await session.say(`MAIL FROM:<${sender}>`);
  if (!isPositive(mail.reply)) return null;
  const local = randomLocalPart();
  const exchange = await session.say(`RCPT TO:<${host === '' ? local : `${local}@${host}`}>`);
  await session.say('RSET').catch(ignoreTrouble);
  return { host, exchange };
}
