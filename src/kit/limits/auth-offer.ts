import { cite, type Exchange, offers } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import type { LoadWire } from '../probe.ts';
import { openSession } from './events.ts';
import type { Stop } from './rate-question.ts';

/** Where EHLO lists AUTH. `unknown`: not in clear, and what is inside TLS could not be seen. JSON-safe. */
export type AuthOffer =
  | { readonly where: 'in clear' | 'inside TLS' | 'nowhere'; readonly ehlos: readonly Cite[] }
  | ({ readonly where: 'unknown' } & Stop<Cite>);

/** Looks inside TLS where AUTH is not offered at once. On a port with implicit TLS the first EHLO is inside it. */
export async function findAuth(wire: LoadWire, first: Pick<Exchange, 'reply'>): Promise<AuthOffer> {
  const { tls } = wire.subject.endpoint;
  const ehlos = [cite(first.reply)];
  if (offers(first.reply, 'AUTH')) return { where: tls === 'implicit' ? 'inside TLS' : 'in clear', ehlos };
  if (tls === 'implicit' || !offers(first.reply, 'STARTTLS')) return { where: 'nowhere', ehlos };
  const session = await openSession(wire, true);
  if ('doubt' in session) return { where: 'unknown', ...session };
  const { ehlo } = session;
  await session.release(session);
  if (ehlo === null) throw new Error('a session that was opened is introduced');
  return { where: offers(ehlo.reply, 'AUTH') ? 'inside TLS' : 'nowhere', ehlos: [...ehlos, cite(ehlo.reply)] };
}
