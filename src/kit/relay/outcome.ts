import { cite, type Exchange, isNegative, isPositive } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import type { Doubt } from '../../model/trouble.ts';
import { type Meaning, meaningOf, readingOf } from '../../mta/reply-meaning.ts';
import type { Answer } from '../transactions.ts';
import { type Opening, openingMeaning, type Phase } from './dialogue.ts';
import type { Shape } from './shapes.ts';

/**
 * What became of one shape. `untested` with `excused`: the server turned the sender or the HELO name away, or takes any local part there, so
 * the shape opens nothing but says nothing of relaying either.
 */
export type ShapeOutcome =
  | { readonly kind: 'accepted'; readonly id: string; readonly evidence: readonly [Cite, ...Cite[]] }
  | { readonly kind: 'refused'; readonly id: string; readonly evidence: readonly [Cite, ...Cite[]] }
  | {
      readonly kind: 'untested';
      readonly id: string;
      readonly excused: boolean;
      readonly doubt: Doubt;
      readonly because: string;
      readonly evidence: readonly Cite[];
    };

/** The outcome of every shape of a phase. `closedToStrangers`: a submission port that refuses everyone without AUTH, its own recipients too. */
export function outcomesOf(phase: Phase, closedToStrangers: boolean): ShapeOutcome[] {
  return phase.shapes.map((shape) => {
    const answer = phase.answers.find(({ id }) => id === shape.id);
    const id = phaseId(phase, shape.id);
    return answer === undefined
      ? untested(id, 'budget-spent', 'not asked')
      : outcomeOf({ ...answer, id }, shape, phase, closedToStrangers);
  });
}

/** Shapes asked inside STARTTLS are told from those asked in clear. */
export const phaseId = (phase: { tls: boolean }, id: string): string => (phase.tls ? `tls:${id}` : id);

function outcomeOf(answer: Answer, shape: Shape, phase: Phase, closedToStrangers: boolean): ShapeOutcome {
  const { id, mail, rcpt, control, cut, sender, recipient } = answer;
  if (cut !== null) {
    // The one EHLO that can be refused in the middle is the one under their name.
    return {
      ...untested(id, cut.doubt, cut.because, cut.evidence),
      excused: shape.heloOf === 'theirs' && cut.verb === 'EHLO',
    };
  }
  if (mail !== null && !isPositive(mail.reply))
    return ofMail(id, mail, meaningOf(mail.reply, { stage: 'mail', sender }));
  if (rcpt === null) return untested(id, 'ambiguous', 'no reply to RCPT');
  const { meaning: said, about } = readingOf(rcpt.reply, { stage: 'rcpt', sender, recipient });
  const meaning = said === 'our-domain' && about === 'sender' ? 'sender-rejected' : said;
  if (meaning === 'accepted') return ofAcceptance(id, rcpt, shape, phase);
  const taken = isTaken(control) || isTaken(controlOfOpening(phase, sender));
  return ofRefusal(id, rcpt, meaning, taken || closedToStrangers);
}

const isTaken = (exchange: Exchange | null): boolean => exchange !== null && isPositive(exchange.reply);

/** What the server said to its own recipient when the phase began, where the sender is the same. */
function controlOfOpening({ openings }: Phase, sender: string): Exchange | null {
  const last = openings.at(-1);
  return last?.sender === sender
    ? (last.controls.find(({ exchange }) => isPositive(exchange.reply))?.exchange ?? null)
    : null;
}

function ofMail(id: string, mail: Exchange, meaning: Meaning): ShapeOutcome {
  if (meaning === 'auth-required' || meaning === 'tls-required')
    return { kind: 'refused', id, evidence: [cite(mail.reply)] };
  const doubt = doubtOf(meaning);
  // Turned away because of the sender: this shape opens nothing, whatever the server thinks of relaying.
  const excused = doubt === 'sender-rejected' || (doubt === 'ambiguous' && isNegative(mail.reply));
  return {
    ...untested(id, excused ? 'sender-rejected' : doubt, 'the sender was refused', [cite(mail.reply)]),
    excused,
  };
}

function ofAcceptance(id: string, rcpt: Exchange, shape: Shape, phase: Phase): ShapeOutcome {
  const first = cite(rcpt.reply);
  const { ownHost } = shape;
  if (ownHost !== null) {
    const stranger = phase.strangers.find(({ host }) => host === ownHost)?.exchange;
    if (stranger === undefined)
      return untested(id, 'ambiguous', 'accepted, but whether any local part is taken there could not be asked', [
        first,
      ]);
    if (!isNegative(stranger.reply))
      return {
        ...untested(id, 'ambiguous', 'any local part is taken there', [first, cite(stranger.reply)]),
        excused: true,
      };
  }
  const again = phase.confirmations.find((confirmation) => confirmation.id === shape.id);
  // Only some of many acceptances are asked again; the others stand or fall with those.
  if (again === undefined)
    return phase.confirmations.some(isConfirmed)
      ? { kind: 'accepted', id, evidence: [first] }
      : untested(id, 'ambiguous', 'accepted once, not asked again', [first]);
  if (again.rcpt !== null && isConfirmed(again))
    return { kind: 'accepted', id, evidence: [cite(again.rcpt.reply), first] };
  const second = again.rcpt === null ? [] : [cite(again.rcpt.reply)];
  const because =
    again.cut === null
      ? 'accepted once, and answered otherwise when asked again'
      : `accepted once; asking again failed: ${again.cut.because}`;
  return untested(id, again.cut?.doubt ?? 'ambiguous', because, [first, ...second]);
}

function isConfirmed({ rcpt, quit }: { rcpt: Exchange | null; quit: Exchange | null }): boolean {
  return rcpt !== null && isPositive(rcpt.reply) && quit?.reply.code === 221;
}

function ofRefusal(id: string, rcpt: Exchange, meaning: Meaning, controlTaken: boolean): ShapeOutcome {
  const refused = { kind: 'refused', id, evidence: [cite(rcpt.reply)] } as const;
  if (meaning === 'relay-denied' || meaning === 'auth-required' || meaning === 'tls-required') return refused;
  const aboutRecipient =
    meaning === 'relay-or-unknown' ||
    meaning === 'unknown-user' ||
    meaning === 'address-syntax' ||
    meaning === 'refused-permanent';
  if (aboutRecipient && controlTaken && rcpt.reply.code !== null && rcpt.reply.code >= 500) return refused;
  const doubt = doubtOf(meaning);
  const because = aboutRecipient ? 'refused, in words that need not mean relaying' : explain(meaning);
  return {
    ...untested(id, doubt, because, [cite(rcpt.reply)]),
    excused: meaning === 'sender-rejected' || meaning === 'helo-rejected',
  };
}

function untested(
  id: string,
  doubt: Doubt,
  because: string,
  evidence: readonly Cite[] = [],
): Extract<ShapeOutcome, { kind: 'untested' }> {
  return { kind: 'untested', id, excused: false, doubt, because, evidence };
}

/** The doubt that a reply leaves which is no answer to the question. */
export function doubtOf(meaning: Meaning): Doubt {
  if (meaning.startsWith('limit-')) return 'throttled';
  if (meaning === 'client-blocked' || meaning === 'helo-rejected') return 'client-blocked';
  if (meaning === 'sender-rejected') return 'sender-rejected';
  if (meaning === 'greylisted') return 'greylisted';
  if (meaning === 'idle-timeout') return 'timeout';
  if (meaning === 'tls-required' || meaning === 'auth-required') return 'prerequisite';
  return 'ambiguous';
}

/** Half a sentence on a reply that is no answer to the question. */
export function explain(meaning: Meaning): string {
  const said: Partial<Record<Meaning, string>> = {
    'client-blocked': 'it refuses this client, whatever is asked (see what its reply says of our address)',
    'helo-rejected': 'it refuses our HELO name: give a FQDN that resolves with --helo',
    'sender-rejected': 'it refuses our sender: give one that it takes with --sender',
    'our-domain':
      'it refuses the outside domain as such, not relaying to it: give one that resolves and takes mail with --external and --sender',
    greylisted: 'it defers everything for now (greylisting): scan again in ten minutes from the same address',
    'server-error': 'something failed on the server',
    'tls-required': 'it wants TLS first',
    'auth-required': 'it wants AUTH first',
    unintelligible: 'the reply is no SMTP reply',
  };
  return (
    said[meaning] ??
    (meaning.startsWith('limit-') ? 'a limiter answered' : 'the reply is neither yes nor a refusal to relay')
  );
}

/** Why a phase went no further than its openings; null where it did. */
export function openingOutcome(
  phase: Phase,
): Extract<ShapeOutcome, { kind: 'untested' }> | { kind: 'tls-required'; evidence: readonly [Cite, ...Cite[]] } | null {
  const last: Opening | undefined = phase.openings.at(-1);
  if (phase.shapes.length > 0) return null;
  const id = phaseId(phase, 'outside>plain');
  if (last === undefined) return untested(id, 'budget-spent', 'not asked');
  if (last.cut !== null) return untested(id, last.cut.doubt, last.cut.because, last.cut.evidence);
  const meaning = openingMeaning(last);
  const reply = (last.rcpt ?? last.mail)?.reply;
  if (meaning === null || reply === undefined) return untested(id, 'ambiguous', 'no reply');
  if (meaning === 'tls-required') return { kind: 'tls-required', evidence: [cite(reply)] };
  return untested(id, doubtOf(meaning), explain(meaning), [cite(reply)]);
}

/** Whether the server gave its own recipient the very answer it gave the outside one: then the words say nothing of relaying. */
export function sameAnswerToControl({ openings }: Phase): boolean {
  const last = openings.at(-1);
  if (last === undefined || last.rcpt === null || last.controls.length === 0) return false;
  const outside = openingMeaning(last);
  return (
    outside === 'relay-denied' &&
    last.controls.every(
      ({ recipient, exchange }) =>
        meaningOf(exchange.reply, { stage: 'rcpt', sender: last.sender, recipient }) === outside,
    )
  );
}
