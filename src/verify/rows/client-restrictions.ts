import { cite, isPositive, type Reply } from '../../model/reply.ts';
import { openingsOf, trustOf } from '../relaying.ts';
import { decide } from '../restrictions.ts';
import { confirmed, contradicted, defineRow, notTold } from '../row.ts';
import { untold } from '../untold.ts';

/** smtpd's words where the list of clients refuses, at whatever command it is looked at. */
export const clientRefusal = /Client host rejected: (Access denied|Try again later)/;

/** Who may speak at all: refused clients are refused at every recipient, the server's own too. */
export const clientRestrictions = defineRow({
  directive: 'smtpd_client_restrictions',
  probes: ['open-relay'],

  compare(value, context) {
    const openings = openingsOf(context.shown);
    const replies = openings
      .flatMap(({ mail, rcpt, controls }) => [mail, rcpt, ...controls.map(({ exchange }) => exchange)])
      .flatMap((exchange) => (exchange === null ? [] : [exchange.reply]));
    const refused = replies.find(({ text }) => clientRefusal.test(text));
    const passed = openings
      .flatMap(({ rcpt, controls }) => [rcpt, ...controls.map(({ exchange }) => exchange)])
      .flatMap((exchange) => (exchange === null ? [] : [exchange.reply]))
      .find((reply) => isPositive(reply) || speaksOfRecipient(reply));
    const trust = trustOf(context);
    if (trust === 'in' && /permit_mynetworks/i.test(value))
      return notTold('the file trusts us here, and lets us pass for it: scan from outside');
    const decision = decide(value, trust);
    const doubts = decision.doubts.join(', ');
    if (refused !== undefined) {
      const words = 'we are refused as a client';
      if (decision.kind === 'deny') return confirmed(words, `the words of ${decision.by}`, cite(refused));
      if (doubts !== '')
        return notTold(`${doubts} may say so, and what it says is not in the file`, words, [cite(refused)]);
      return contradicted(words, 'no word of the list refuses us', cite(refused));
    }
    if (passed === undefined) return untold(context.shown, 'open-relay', 'no recipient was answered');
    const words = 'we are not refused as a client';
    if (decision.kind !== 'deny') return confirmed(words, 'recipients are looked at', cite(passed));
    if (doubts !== '')
      return notTold(`${doubts} may let us pass, and what it says is not in the file`, words, [cite(passed)]);
    return contradicted(words, `${decision.by} should refuse us, whomever we write to`, cite(passed));
  },
});

/**
 * The list of clients is looked at first: who hears of recipients has passed it. A bare `<postmaster>` always passes.
 */
const speaksOfRecipient = ({ text }: Reply): boolean => /Relay access denied|Recipient address rejected/.test(text);
