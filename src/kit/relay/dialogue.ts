import { cite, type Exchange, isPositive, offers } from '../../model/reply.ts';
import type { Trouble } from '../../model/trouble.ts';
import { type Meaning, type Reading, readingOf } from '../../mta/reply-meaning.ts';
import type { SmtpSession } from '../../wire/session.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import type { Wire } from '../probe.ts';
import { addressLiteral, domainOf, randomLocalPart, registrableDomain } from '../subject.ts';
import { type Answer, askTransactions, meaningsInDoubt } from '../transactions.ts';
import { type RelayNames, relayShapes, type Shape } from './shapes.ts';

/** The first transaction of a phase: an outside recipient and the server's own, from one sender, under one HELO name. */
export interface Opening {
  readonly session: string | null;
  readonly helo: string;
  readonly sender: string;
  readonly external: string;
  readonly mail: Exchange | null;
  readonly rcpt: Exchange | null;
  /** The answer to an odd form of the outside recipient. */
  readonly odd: Exchange | null;
  /** Answers to recipients that should be the server's own, best known first. */
  readonly controls: readonly { readonly recipient: string; readonly exchange: Exchange }[];
  /** Whether this server calls an odd recipient form a syntax error. */
  readonly strict: boolean;
  /** Whether EHLO offered AUTH here. */
  readonly auth: boolean;
  readonly cut: Trouble | null;
}

/** Asked again, one command at a time, each behind a reply that cannot be mistaken for another's. */
export interface Confirmation {
  readonly id: string;
  readonly mail: Exchange | null;
  readonly rcpt: Exchange | null;
  /** The answer to QUIT: 221 shows that replies and commands still paired up. */
  readonly quit: Exchange | null;
  readonly cut: Trouble | null;
}

/** All that was asked in clear, or all inside TLS. */
export interface Phase {
  readonly tls: boolean;
  readonly openings: readonly Opening[];
  readonly control: string | null;
  readonly shapes: readonly Shape[];
  readonly answers: readonly Answer[];
  readonly confirmations: readonly Confirmation[];
  /** Answers to unknown local parts at the server's own places, by host. */
  readonly strangers: readonly { readonly host: string; readonly exchange: Exchange }[];
}

export interface RelayPlan {
  readonly tls: boolean;
  /** Only the shapes that matter inside TLS when they were asked in clear before. */
  readonly brief: boolean;
  readonly serverName: string | null;
}

/** Shapes that are asked again when accepted. */
const confirmLimit = 8;

/** Opens with outside sender and control, then asks every shape, then confirms what was accepted. */
export async function askRelay(wire: Wire, plan: RelayPlan): Promise<Phase> {
  return await askShapes(wire, plan, await openRelayDialogue(wire, plan));
}

/**
 * Asks every shape as the openings have shown how. `borrowed`: they are those of the other phase, so what they were answered counts there
 * only.
 */
export async function askShapes(
  wire: Wire,
  plan: RelayPlan,
  openings: readonly Opening[],
  borrowed = false,
): Promise<Phase> {
  const last = openings.at(-1);
  const control = last?.controls.find(({ exchange }) => isPositive(exchange.reply))?.recipient ?? null;
  const nothing = { tls: plan.tls, openings, control, shapes: [], answers: [], confirmations: [], strangers: [] };
  if (last === undefined || !isWorthGoingOn(last)) return nothing;
  const senderRefused = last.mail !== null && !isPositive(last.mail.reply);
  const shapes = relayShapes(namesOf(wire, plan, last)).filter(
    (shape) => !(plan.brief && shape.clearOnly) && !(senderRefused && !shape.id.endsWith('>plain')),
  );
  const known = borrowed ? [] : answersOfOpening(last, shapes);
  const asked = await askTransactions(
    wire,
    shapes.filter(({ id }) => !known.some((answer) => answer.id === id)),
    {
      tls: plan.tls,
      control: control ?? last.controls[0]?.recipient ?? 'postmaster',
      wary: senderRefused,
      doubtful: isDoubtful(openingMeaning(last)),
      oddPerSession: last.strict ? wire.allowance.mistakes : Number.POSITIVE_INFINITY,
    },
  );
  const answers = [...known, ...asked];
  const accepted = shapes.filter(({ id }) =>
    answers.some((answer) => answer.id === id && answer.rcpt !== null && isPositive(answer.rcpt.reply)),
  );
  const confirmed = accepted.length === 0 ? { confirmations: [], strangers: [] } : await confirm(wire, plan, accepted);
  return { ...nothing, shapes, answers, ...confirmed };
}

/** Refusals that mean something only beside a control: then each sender needs its own. */
const isDoubtful = (meaning: Meaning | null): boolean => meaning !== null && meaningsInDoubt.includes(meaning);

/** What the opening has asked already is not asked again. */
function answersOfOpening(
  { session, sender, helo, mail, rcpt, odd, controls }: Opening,
  shapes: readonly Shape[],
): Answer[] {
  const asked = [rcpt, odd].filter((exchange) => exchange !== null);
  return asked.flatMap((exchange) => {
    const shape = shapes.find(
      (one) => one.sender === sender && one.helo === helo && exchange.command === `RCPT TO:<${one.recipient}>`,
    );
    if (shape === undefined || mail === null || !isPositive(mail.reply)) return [];
    const control = controls.find((one) => isPositive(one.exchange.reply))?.exchange ?? controls[0]?.exchange ?? null;
    return [{ id: shape.id, sender, recipient: shape.recipient, session, mail, rcpt: exchange, control, cut: null }];
  });
}

/** Tries senders, HELO names and outside domains until the answer is about relaying. */
export async function openRelayDialogue(wire: Wire, plan: RelayPlan): Promise<Opening[]> {
  const { subject } = wire;
  const openings: Opening[] = [];
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
  { sender, external, helo }: { sender: string; external: string; helo: string },
  helos: string[],
): Promise<Opening> {
  const base = {
    session: null,
    helo,
    sender,
    external,
    mail: null,
    rcpt: null,
    odd: null,
    controls: [],
    strict: false,
    auth: false,
  };
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
      ...base,
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
    return { ...base, cut: troubleOf(error) };
  }
}

function isSyntaxError(exchange: Exchange | null): boolean {
  const code = exchange?.reply.code ?? 0;
  return code >= 500 && code <= 504;
}

/** Recipients that should be the server's own: the user's, else postmaster at every domain it may have (RFC 5321 §4.5.1). */
export function controlCandidates({ subject }: Wire, { serverName }: { serverName: string | null }): string[] {
  const domains = [
    subject.domain,
    ...(subject.domainGiven || serverName === null ? [] : [registrableDomain(serverName), serverName]),
  ];
  const postmasters = [...new Set(domains)].filter((domain) => domain !== null).map((domain) => `postmaster@${domain}`);
  const asked = subject.recipient === null ? postmasters : [subject.recipient];
  return [...asked, 'postmaster'];
}

function namesOf(
  { subject }: Wire,
  { serverName }: RelayPlan,
  { sender, external, helo, controls }: Opening,
): RelayNames {
  const taken = controls.find(
    ({ recipient, exchange }) => recipient.includes('@') && isPositive(exchange.reply),
  )?.recipient;
  const guessed =
    (taken === undefined ? null : domainOf(taken)) ??
    subject.domain ??
    (serverName === null ? null : registrableDomain(serverName));
  const literal = addressLiteral(subject.endpoint.address);
  return {
    sender: sender === '' ? subject.sender : sender,
    taken: sender,
    external,
    domain: subject.domainGiven ? subject.domain : guessed,
    server: serverName,
    literal,
    helo: { ours: helo, theirs: serverName ?? literal },
  };
}

/** What the outside recipient, or the sender before it, was told. */
export const openingMeaning = (opening: Opening): Meaning | null => openingReading(opening)?.meaning ?? null;

function openingReading({ mail, rcpt, sender, helo, external }: Opening): Reading | null {
  if (mail !== null && !isPositive(mail.reply)) return readingOf(mail.reply, { stage: 'mail', sender, helo });
  return rcpt === null ? null : readingOf(rcpt.reply, { stage: 'rcpt', sender, helo, recipient: external });
}

/** Not worth it: the client is what is refused, nobody may talk in clear, or a limiter speaks. */
export function isWorthGoingOn(opening: Opening): boolean {
  const meaning = openingMeaning(opening);
  if (meaning === null || opening.cut !== null) return false;
  const hopeless = [
    'client-blocked',
    'helo-rejected',
    'our-domain',
    'tls-required',
    'greylisted',
    'unintelligible',
  ].includes(meaning);
  return (
    !hopeless &&
    !meaning.startsWith('limit-') &&
    !(meaning === 'sender-rejected' && opening.mail !== null && !isPositive(opening.mail.reply))
  );
}

/** Asks accepted shapes once more, in lock step, and unknown local parts beside them. */
async function confirm(
  wire: Wire,
  plan: RelayPlan,
  accepted: readonly Shape[],
): Promise<Pick<Phase, 'confirmations' | 'strangers'>> {
  const chosen = accepted.slice(0, confirmLimit);
  const own = [...new Set(accepted.map(({ ownHost }) => ownHost))].filter((host) => host !== null);
  const confirmations: Confirmation[] = [];
  const strangers: { host: string; exchange: Exchange }[] = [];
  for (const helo of new Set(chosen.map((shape) => shape.helo))) {
    const shapes = chosen.filter((shape) => shape.helo === helo);
    const steps: Omit<Confirmation, 'quit' | 'cut'>[] = [];
    let cut: Trouble | null = null;
    let quit: Exchange | null = null;
    try {
      await using session = await wire.session({
        tls: plan.tls,
        helo,
        refusals: own.length,
        nonMail: shapes.length + 1,
      });
      for (const { id, sender, recipient } of shapes) {
        const mail = await session.say(`MAIL FROM:<${sender}>`);
        const rcpt = isPositive(mail.reply) ? await session.say(`RCPT TO:<${recipient}>`) : null;
        steps.push({ id, mail, rcpt });
        await session.say('RSET');
      }
      if (strangers.length === 0) strangers.push(...(await askStrangers(session, shapes[0]?.sender ?? '', own)));
      quit = await session.say('QUIT');
    } catch (error) {
      cut = troubleOf(error);
    }
    confirmations.push(...steps.map((step) => ({ ...step, quit, cut })));
  }
  return { confirmations, strangers };
}

async function askStrangers(
  session: SmtpSession,
  sender: string,
  hosts: readonly string[],
): Promise<{ host: string; exchange: Exchange }[]> {
  if (hosts.length === 0) return [];
  const mail = await session.say(`MAIL FROM:<${sender}>`);
  if (!isPositive(mail.reply)) return [];
  const answers: { host: string; exchange: Exchange }[] = [];
  for (const host of hosts) {
    const local = randomLocalPart();
    answers.push({ host, exchange: await session.say(`RCPT TO:<${host === '' ? local : `${local}@${host}`}>`) });
  }
  await session.say('RSET');
  return answers;
}

/** Quotes an exchange where there is one. */
export const quoteOf = (exchange: Exchange | null) => (exchange === null ? [] : [cite(exchange.reply)]);
