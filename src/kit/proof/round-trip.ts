import { type Arrival, arrivalShape } from '../../model/arrival.ts';
import type { InboxSource } from '../../model/receiving.ts';
import { offers } from '../../model/reply.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { citeShape } from '../../model/transcript.ts';
import { vantages } from '../../model/vantage.ts';
import type { Wire } from '../probe.ts';
import { randomLocalPart, vantage } from '../subject.ts';
import { awaitMail } from './await-mail.ts';
import { handedShape, handIn, isTaken } from './hand-in.ts';
import { messageOf } from './message.ts';

const arrivedShape = (z: Zod) =>
  z.object({
    arrival: arrivalShape(z),
    /** Octets of the first field of each name that was sent, as it came out: name, colon, one octet a line end. */
    octets: z.record(z.string(), z.number()),
    seconds: z.number(),
    /** What of it stands in the transcript. */
    at: citeShape(z),
  });

export const roundTripShape = (z: Zod) =>
  z.object({
    /** The mailbox; null where the user has named none. */
    inbox: z.string().nullable(),
    /** Whose it is; null where the user has not said. */
    recipient: z.string().nullable(),
    handed: handedShape(z).nullable(),
    arrived: arrivedShape(z).nullable(),
    /** Why the mailbox could not be looked into, when the time was over. */
    unreadable: z.string().nullable(),
    waitedSeconds: z.number(),
    vantage: z.enum(vantages),
  });

/** One message to a mailbox of the user's own, and how it came out. */
export type RoundTrip = Shaped<typeof roundTripShape>;

interface Trip {
  readonly fields: readonly string[];
  /** Names, in lower case, of which the octets are wanted. */
  readonly counted: readonly string[];
  /** What the transcript says of what came out. */
  readonly shown: (arrival: Arrival, octets: Readonly<Record<string, number>>) => string;
}

/** Sends a message to the recipient that the user has named, and waits for it in the mailbox. */
export async function roundTrip(
  wire: Wire,
  seen: { readonly localAddress: string; readonly remoteAddress: string },
  { fields, counted, shown }: Trip,
): Promise<RoundTrip> {
  const { receiving, subject } = wire;
  const { inbox } = receiving;
  const { recipient, sender, helo } = subject;
  const base = {
    inbox: inbox?.shown ?? null,
    recipient,
    handed: null,
    arrived: null,
    unreadable: null,
    waitedSeconds: 0,
    vantage: vantage(subject, seen),
  };
  if (inbox === null || recipient === null) return base;
  const token = randomLocalPart();
  const mail = messageOf({ sender, recipient, helo, token, at: new Date(), fields });
  await using session = await wire.session({ refusals: 1, nonMail: 3, forTls: true });
  if (subject.endpoint.tls === 'starttls' && offers(session.ehlo.reply, 'STARTTLS')) {
    const outcome = await session.startTls();
    if (outcome.kind === 'established') await session.hello(helo);
  }
  const handed = await handIn(session, mail);
  if (!isTaken(handed)) return { ...base, handed };
  const from = receiving.now();
  const found = await looked(wire, inbox, token);
  const waitedSeconds = Math.round((receiving.now() - from) * 100) / 100;
  if (found === null || typeof found === 'string') return { ...base, handed, unreadable: found, waitedSeconds };
  const { octets: all, ...arrival } = found;
  const octets = Object.fromEntries(counted.map((name) => [name, all[name] ?? 0]));
  const at = session.remark('arrived', shown(arrival, octets));
  return { ...base, handed, arrived: { arrival, octets, seconds: waitedSeconds, at }, waitedSeconds };
}

/** A text: why it could not be looked for. */
async function looked({ receiving }: Wire, inbox: InboxSource, token: string) {
  try {
    return await awaitMail(receiving, () => inbox.find(token));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
