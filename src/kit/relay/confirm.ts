import { type Exchange, isPositive } from '../../model/reply.ts';
import type { Trouble } from '../../model/trouble.ts';
import type { SmtpSession } from '../../wire/session.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import type { Wire } from '../probe.ts';
import { randomLocalPart } from '../subject.ts';
import type { RelayForm } from './forms.ts';
import type { Confirmation, RelayPhase, Stranger } from './phase.ts';

/** Forms that are asked again when accepted. */
const confirmLimit = 8;

/** Asks accepted forms once more, in lock step, and unknown local parts beside them. */
export async function confirm(
  wire: Wire,
  { tls }: { readonly tls: boolean },
  accepted: readonly RelayForm[],
): Promise<Pick<RelayPhase, 'confirmations' | 'strangers'>> {
  const chosen = accepted.slice(0, confirmLimit);
  const own = [...new Set(accepted.map(({ ownHost }) => ownHost))].filter((host) => host !== null);
  const confirmations: Confirmation[] = [];
  const strangers: Stranger[] = [];
  for (const helo of new Set(chosen.map((form) => form.helo))) {
    const forms = chosen.filter((form) => form.helo === helo);
    const steps: Omit<Confirmation, 'quit' | 'cut'>[] = [];
    let cut: Trouble | null = null;
    let quit: Exchange | null = null;
    try {
      await using session = await wire.session({ tls, helo, refusals: own.length, nonMail: forms.length + 1 });
      for (const { id, sender, recipient } of forms) {
        const mail = await session.say(`MAIL FROM:<${sender}>`);
        const rcpt = isPositive(mail.reply) ? await session.say(`RCPT TO:<${recipient}>`) : null;
        steps.push({ id, mail, rcpt });
        await session.say('RSET');
      }
      if (strangers.length === 0) strangers.push(...(await askStrangers(session, forms[0]?.sender ?? '', own)));
      quit = await session.say('QUIT');
    } catch (error) {
      cut = troubleOf(error);
    }
    confirmations.push(...steps.map((step) => ({ ...step, quit, cut })));
  }
  return { confirmations, strangers };
}

async function askStrangers(session: SmtpSession, sender: string, hosts: readonly string[]): Promise<Stranger[]> {
  if (hosts.length === 0) return [];
  const mail = await session.say(`MAIL FROM:<${sender}>`);
  if (!isPositive(mail.reply)) return [];
  const answers: Stranger[] = [];
  for (const host of hosts) {
    const local = randomLocalPart();
    answers.push({ host, exchange: await session.say(`RCPT TO:<${host === '' ? local : `${local}@${host}`}>`) });
  }
  await session.say('RSET');
  return answers;
}
