import { type Exchange, ehloKeywords, exchangeShape, isPositive, type Reply } from '../../model/reply.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { troubleShape } from '../../model/trouble.ts';
import { isSaidInFront } from '../../mta/recognise.ts';
import { type Meaning, readingOf } from '../../mta/reply-meaning.ts';
import type { IntroducedSession } from '../../wire/session.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import type { Wire } from '../probe.ts';
import { isOfSender, strangersOf } from '../senders.ts';
import { ownRecipient, type Subject } from '../subject.ts';

export const sizeShape = (z: Zod) =>
  z.object({
    ehlo: exchangeShape(z).nullable(),
    /**
     * What EHLO says of the size of messages (RFC 1870 §4): a number of octets, that there is no fixed limit, or
     * nothing.
     */
    announced: z.union([z.number(), z.enum(['unlimited', 'nothing'])]),
    sender: z.string(),
    tls: z.boolean(),
    /** MAIL with a size announced, or without (null), in one session. */
    trials: z.array(z.object({ size: z.number().nullable(), exchange: exchangeShape(z) })),
    cut: troubleShape(z).nullable(),
  });

export type SizeData = Shaped<typeof sizeShape>;
type SizeTrial = SizeData['trials'][number];
type Announced = SizeData['announced'];

/** 2 GiB less one: more than any mail server takes, and a number that all of them can hold. */
export const beyondReason = 2_147_483_647;

/**
 * Asks with the announced size and one octet more; again inside TLS, or from another sender, where the server wants
 * that.
 */
export async function askSizes(wire: Wire): Promise<SizeData> {
  const { subject } = wire;
  let tls = subject.endpoint.tls === 'implicit';
  let senders = strangersOf(subject);
  for (;;) {
    const [sender = '', ...others] = senders;
    const data = await askAs(wire, { tls, sender });
    const refused = data.trials.map(({ exchange }) => exchange).find(({ reply }) => !isPositive(reply));
    if (refused === undefined) return data;
    const reading = readingOf(refused.reply, { stage: 'mail', sender, helo: subject.helo });
    if (reading.meaning === 'tls-required' && !tls) tls = true;
    else if (others.length > 0 && !ofSize.includes(reading.meaning) && isOfSender(refused, reading)) senders = others;
    else return data;
  }
}

/** Refusals of the size, or of the parameter that tells it (RFC 5321 §4.1.1.11). */
const ofSize: readonly Meaning[] = ['too-big', 'command-syntax'];

async function askAs(wire: Wire, { tls, sender }: { tls: boolean; sender: string }): Promise<SizeData> {
  let data: SizeData = { ehlo: null, announced: 'nothing', sender, tls, trials: [], cut: null };
  for (let fruitless = 0; ; ) {
    const before = data.trials.length;
    data = await askOnce(wire, data);
    // A session that others have used may be over before it has brought anything; a new one is not.
    if (data.trials.length === before) fruitless += data.cut?.reply === undefined ? 2 : 1;
    if (data.cut === null || fruitless > 1) return data;
  }
}

/** Asks what has not been answered yet, in one session. */
async function askOnce(wire: Wire, data: SizeData): Promise<SizeData> {
  const { tls, sender } = data;
  try {
    await using session = await wire.session({ tls, refusals: 2, nonMail: 2 });
    const { ehlo } = session;
    const announced = announcedSize(ehlo.reply);
    const seen = { ...data, ehlo, announced, cut: null };
    const mail = (size: number | null) => `MAIL FROM:<${sender}>${size === null ? '' : ` SIZE=${size}`}`;
    // Without a number: does it take mail at all, and is there a limit that it does not tell of?
    const sizes =
      typeof announced === 'number' ? [announced, announced + 1] : [null, ...(isExtended(ehlo) ? [beyondReason] : [])];
    const left = sizes.filter((size) => !data.trials.some((trial) => trial.size === size));
    const { exchanges, cut } = await askOfServer(session, wire.subject, sender, left.map(mail));
    const trials = [
      ...data.trials,
      ...left.flatMap((size, index): SizeTrial[] => {
        const exchange = exchanges[index];
        return exchange === undefined ? [] : [{ size, exchange }];
      }),
    ];
    const plain =
      trials.length === 2 && trials.some(({ exchange, size }) => size !== null && isOutOfSpace(exchange.reply));
    if (!plain || trials[0]?.size === null) return { ...seen, trials, cut };
    // No room for the largest message: is there any for a small one?
    const { exchanges: small, cut: end } = await session.flight([mail(null), 'RSET']);
    const more = small.slice(0, 1).map((exchange): SizeTrial => ({ size: null, exchange }));
    return { ...seen, trials: [...trials, ...more], cut: end };
  } catch (error) {
    return { ...data, cut: troubleOf(error) };
  }
}

/**
 * Asks each MAIL; again behind a recipient where a proxy answers it by itself until one is named (nginx), and the
 * server behind has heard nothing of it.
 */
async function askOfServer(session: IntroducedSession, subject: Subject, sender: string, mails: readonly string[]) {
  const asked = await askMails(session, mails);
  const inFront = session.spent.recipients === 0 && asked.exchanges.some(({ reply }) => isSaidInFront('MAIL', reply));
  if (!inFront || asked.cut !== null) return asked;
  const own = ownRecipient(subject);
  const { cut } = await session.flight([`MAIL FROM:<${sender}>`, `RCPT TO:<${own}>`, 'RSET']);
  return cut === null ? await askMails(session, mails) : { exchanges: [], cut };
}

async function askMails(session: IntroducedSession, mails: readonly string[]) {
  const { exchanges, cut } = await session.flight(mails.flatMap((mail) => [mail, 'RSET']));
  return { exchanges: exchanges.filter((_, index) => index % 2 === 0), cut };
}

/** MAIL has parameters behind EHLO only (RFC 5321 §4.1.1.1, §4.1.1.11). */
export const isExtended = ({ command }: Exchange): boolean => command.startsWith('EHLO');

/** RFC 1870 §4: no number, or 0, means that there is no fixed limit. */
export function announcedSize(ehlo: Reply): Announced {
  const keyword = ehloKeywords(ehlo).find((entry) => entry.keyword === 'SIZE');
  if (keyword === undefined) return 'nothing';
  const digits = keyword.params[0] ?? '0';
  const size = /^\d{1,20}$/.test(digits) ? Number(digits) : 0;
  return size > 0 && Number.isSafeInteger(size + 1) ? size : 'unlimited';
}

/** 452 for want of disk (Postfix 4.3.1, Sendmail 4.4.5, Exim without either), and not for a limit of ours. */
export function isOutOfSpace(reply: Reply): boolean {
  if (reply.code !== 452) return false;
  const words = /insufficient (system storage|disk space)|space shortage|(disk|storage|spool|queue) (is )?full/i;
  return words.test(reply.text) || reply.enhanced === '4.3.1';
}
