import type { Arrival } from '../../model/arrival.ts';
import type { SinkSource } from '../../model/receiving.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import type { Mail, Wire } from '../probe.ts';
import { phaseId } from '../relay/form-outcome.ts';
import type { RelayForm } from '../relay/forms.ts';
import { isPlain } from '../relay/forms.ts';
import type { RelayData } from '../relay/observed.ts';
import { outcomesOf } from '../relay/outcome.ts';
import { awaitMail } from './await-mail.ts';
import { handIn, isTaken } from './hand-in.ts';
import { messageOf } from './message.ts';
import { withOther } from './relayed-recipient.ts';
import { type Came, receivedFromUs, type Sent } from './sent.ts';

/** A form that was accepted, and the outside recipient that it was asked with. */
export interface AcceptedForm {
  readonly id: string;
  readonly tls: boolean;
  readonly form: RelayForm;
  readonly external: string;
}

/** Accepted forms, plain ones first, each way of writing the recipient once. */
export function acceptedForms({ phases, submission }: RelayData): AcceptedForm[] {
  const all = phases.flatMap((phase) => {
    const accepted = outcomesOf(phase, submission).filter(({ kind }) => kind === 'accepted');
    const external = phase.openings.at(-1)?.external ?? '';
    return phase.shapes
      .filter(({ id }) => accepted.some((one) => one.id === phaseId(phase, id)))
      .map((form) => ({ id: phaseId(phase, form.id), tls: phase.tls, form, external }));
  });
  const plainFirst = all.toSorted((a, b) => Number(isPlain(b)) - Number(isPlain(a)));
  const kinds = new Set<string>();
  return plainFirst.filter(({ id }) => {
    const kind = id.slice(id.indexOf('>') + 1);
    return kinds.size < kinds.add(kind).size;
  });
}

interface Waiting {
  readonly sent: Omit<Sent, 'came' | 'bounced'>;
  readonly remark: (text: string) => Came['at'];
  readonly since: number;
  readonly tokens: { readonly recipient: string; readonly sender: string };
}

/** Messages that are sent at most. */
const mostSent = 3;

/**
 * One message in each form, to an address of the sink and from one: a bounce comes home. Where the server takes the
 * form from its own sender only, that is the sender.
 */
export async function sendThrough(wire: Wire, sink: SinkSource, forms: readonly AcceptedForm[]): Promise<Sent[]> {
  const { receiving } = wire;
  const waiting: Waiting[] = [];
  for (const form of forms) {
    if (waiting.length >= mostSent) break;
    const one = await sendOne(wire, sink, form);
    if (one !== null) waiting.push(one);
  }
  const open = waiting.filter(({ sent }) => isTaken(sent.handed));
  const seen = new Map<string, { arrival: Arrival; at: number }>();
  if (open.length > 0)
    await awaitMail(receiving, async () => {
      for (const [token, arrival] of await sink.arrivals())
        if (!seen.has(token)) seen.set(token, { arrival, at: receiving.now() });
      return open.every(({ tokens }) => seen.has(tokens.recipient) || seen.has(tokens.sender)) ? seen : null;
    }).catch(() => null);
  return waiting.map((one) => settled(one, seen, wire.subject.helo));
}

function settled(
  { sent, tokens, since, remark }: Waiting,
  seen: ReadonlyMap<string, { arrival: Arrival; at: number }>,
  helo: string,
): Sent {
  const came = (token: string): Came | null => {
    const one = seen.get(token);
    if (one === undefined) return null;
    const { arrival, at } = one;
    const line = receivedFromUs(arrival, helo) ?? arrival.received[0];
    const text = line === undefined ? `from ${arrival.peer ?? 'an address that is not told'}` : `Received: ${line}`;
    return { arrival, seconds: Math.round((at - since) * 100) / 100, at: remark(text) };
  };
  return { ...sent, came: came(tokens.recipient), bounced: came(tokens.sender) };
}

/** Null where the form cannot be written with an address of the sink. */
async function sendOne(
  wire: Wire,
  sink: SinkSource,
  { id, tls, form, external }: AcceptedForm,
): Promise<Waiting | null> {
  const about = `${wire.subject.endpoint.id} ${id}`;
  const tokens = { recipient: sink.mint(about), sender: sink.mint(`${about} bounce`) };
  const recipient = withOther(form.recipient, external, `${tokens.recipient}@${sink.domain}`);
  if (recipient === null) return null;
  const handed = (sender: string) => {
    const token = tokens.recipient;
    const mail = messageOf({ sender, recipient, helo: wire.subject.helo, token, at: new Date() });
    return handedIn(wire, { form: id, tls, helo: form.helo, mail });
  };
  const first = await handed(`${tokens.sender}@${sink.domain}`);
  const last = isRefusedEarly(first.sent.handed) ? await handed(form.sender) : first;
  return { ...last, tokens };
}

/** Whether no message could be begun: as another sender it may. */
const isRefusedEarly = ({ data, cut }: Sent['handed']): boolean => data === null && cut === null;

interface HandedIn {
  readonly form: string;
  readonly tls: boolean;
  readonly helo: string;
  readonly mail: Mail;
}

async function handedIn(wire: Wire, { form, tls, helo, mail }: HandedIn): Promise<Omit<Waiting, 'tokens'>> {
  const since = () => wire.receiving.now();
  const began = { form, sender: mail.sender, recipient: mail.recipient };
  try {
    await using session = await wire.session({ tls, helo, refusals: 1, mistakes: 1, nonMail: 2 });
    const handed = await handIn(session, mail);
    return { sent: { ...began, handed }, since: since(), remark: (line) => session.remark('arrived', line) };
  } catch (error) {
    const handed = { mail: null, rcpt: null, data: null, end: null, cut: troubleOf(error) };
    // What never went out is never said to have arrived.
    return { sent: { ...began, handed }, since: since(), remark: (quote) => ({ session: '', event: 0, quote }) };
  }
}
