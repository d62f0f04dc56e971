import { ehloKeywords, exchangeShape, isPositive, type Reply } from '../../model/reply.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { troubleShape } from '../../model/trouble.ts';
import { meaningOf } from '../../mta/reply-meaning.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import type { Wire } from '../probe.ts';

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

/** Asks with the announced size and one octet more; again inside TLS, or from `<>`, where the server wants that. */
export async function askSizes(wire: Wire): Promise<SizeData> {
  let tls = wire.subject.endpoint.tls === 'implicit';
  let sender = wire.subject.sender;
  for (;;) {
    const data = await askOnce(wire, { tls, sender });
    const refused = data.trials.map(({ exchange }) => exchange.reply).find((reply) => !isPositive(reply));
    const meaning =
      refused === undefined ? null : meaningOf(refused, { stage: 'mail', sender, helo: wire.subject.helo });
    if (meaning === 'tls-required' && !tls) tls = true;
    else if ((meaning === 'sender-rejected' || meaning === 'our-domain') && sender !== '') sender = '';
    else return data;
  }
}

async function askOnce(wire: Wire, { tls, sender }: { tls: boolean; sender: string }): Promise<SizeData> {
  const base: SizeData = { ehlo: null, announced: 'nothing', sender, tls, trials: [], cut: null };
  try {
    await using session = await wire.session({ tls, refusals: 2, nonMail: 2 });
    const { ehlo } = session;
    const announced = announcedSize(ehlo.reply);
    // Without a number: does it take mail at all, and is there a limit that it does not tell of?
    const sizes = typeof announced === 'number' ? [announced, announced + 1] : [null, beyondReason];
    const mail = (size: number | null) => `MAIL FROM:<${sender}>${size === null ? '' : ` SIZE=${size}`}`;
    const { exchanges, cut } = await session.flight(sizes.flatMap((size) => [mail(size), 'RSET']));
    const trials = sizes.flatMap((size, index): SizeTrial[] => {
      const exchange = exchanges[2 * index];
      return exchange === undefined ? [] : [{ size, exchange }];
    });
    const plain =
      trials.length === 2 && trials.some(({ exchange, size }) => size !== null && isOutOfSpace(exchange.reply));
    if (!plain || trials[0]?.size === null) return { ...base, ehlo, announced, trials, cut };
    // No room for the largest message: is there any for a small one?
    const { exchanges: small, cut: end } = await session.flight([mail(null), 'RSET']);
    const more = small.slice(0, 1).map((exchange): SizeTrial => ({ size: null, exchange }));
    return { ...base, ehlo, announced, trials: [...trials, ...more], cut: end };
  } catch (error) {
    return { ...base, cut: troubleOf(error) };
  }
}

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
