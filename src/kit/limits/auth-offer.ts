import { cite, type Exchange, offers } from '../../model/reply.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { citeShape } from '../../model/transcript.ts';
import { troubleShape } from '../../model/trouble.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import type { LoadWire } from '../probe.ts';
import { inTheWay } from './rate-source.ts';

export const authOfferShape = (z: Zod) =>
  z.discriminatedUnion('where', [
    z.object({ where: z.enum(['in clear', 'inside TLS', 'nowhere']), ehlos: z.array(citeShape(z)) }),
    troubleShape(z).extend({ where: z.literal('unknown') }),
  ]);

/** Where EHLO lists AUTH. `unknown`: not in clear, and what is inside TLS could not be seen. */
export type AuthOffer = Shaped<typeof authOfferShape>;

/** Looks inside TLS where AUTH is not offered at once. On a port with implicit TLS the first EHLO is inside it. */
export async function findAuth(wire: LoadWire, first: Pick<Exchange, 'reply'>): Promise<AuthOffer> {
  const { tls } = wire.subject.endpoint;
  const ehlos = [cite(first.reply)];
  if (offers(first.reply, 'AUTH')) return { where: tls === 'implicit' ? 'inside TLS' : 'in clear', ehlos };
  if (tls === 'implicit' || !offers(first.reply, 'STARTTLS')) return { where: 'nowhere', ehlos };
  try {
    await using session = await wire.own({ tls: true });
    const { reply } = session.ehlo;
    return { where: offers(reply, 'AUTH') ? 'inside TLS' : 'nowhere', ehlos: [...ehlos, cite(reply)] };
  } catch (error) {
    return { where: 'unknown', ...inTheWay(troubleOf(error)) };
  }
}
