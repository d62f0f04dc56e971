import {
  cite,
  defineRule,
  explain,
  fail,
  hindered,
  inconclusive,
  isPositive,
  meaningOf,
  notApplicable,
  pass,
} from '../src/kit/index.ts';
import { doubtOfMail } from '../src/kit/senders.ts';
import { isOutOfSpace } from '../src/kit/session-limits/size.ts';
import { messageSize } from './message-size.ts';

export const queueSpace = defineRule({
  id: 'queue-space',
  question: 'Has its queue room for mail?',
  severity: 'medium',
  weighs: 'Medium: mail is put off now, and the admin wants to know today. low where only some of it is.',
  safety: 'active',
  why: 'A server without room takes no mail: everybody else keeps theirs and tries again, until it bounces. Either the disk is full, or the space that must stay free is set higher than the disk is large.',
  judged:
    'What MAIL is told by message-size. pass: MAIL is taken, for a message as large as announced. fail: 452 for want of storage (Postfix 4.3.1, Sendmail 4.4.5, Exim "Space shortage"); where only the largest message has no room, the finding is low. inconclusive: MAIL is refused for something else. How much room there is cannot be seen from outside.',
  refs: [
    'RFC 1870 §6.1',
    'RFC 5321 §4.2.3 (452)',
    'Postfix queue_minfree',
    'Exim check_spool_space',
    'Sendmail MinFreeBlocks',
  ],
  needs: { size: messageSize },

  judge({ size: { trials, cut, announced, sender } }) {
    // A size beyond reason may have no room on any disk.
    const fair = trials.filter(({ size }) => size === null || announced === size);
    const full = fair.find(({ exchange }) => isOutOfSpace(exchange.reply));
    const taken = fair.find(({ exchange }) => isPositive(exchange.reply));
    const measured = {
      reply: (full ?? taken ?? fair[0])?.exchange.reply.lines[0].text ?? null,
      tried: fair.map(({ size }) => (size === null ? 'MAIL' : `SIZE=${size}`)),
    };
    if (full !== undefined && taken === undefined)
      return fail('it takes no mail for want of storage', cite(full.exchange.reply), {
        measured,
        headline: 'It takes no mail now: there is no room for it',
      });
    if (full !== undefined && taken !== undefined) {
      const because = `it has no room for a message of ${full.size} octets, the size that it announces; it takes smaller ones`;
      return fail(because, [cite(full.exchange.reply), cite(taken.exchange.reply)], {
        severity: 'low',
        measured,
        headline: 'It has no room now for a message of the size that it announces',
      });
    }
    if (taken !== undefined) {
      const room = taken.size === null ? 'mail' : `mail of ${taken.size} octets, the most that it announces`;
      return pass(`it takes ${room}`, cite(taken.exchange.reply), { measured });
    }
    const refused = fair[0]?.exchange;
    if (refused === undefined) {
      if (cut !== null) return hindered(cut, { measured });
      return inconclusive('ambiguous', 'no reply', [], { measured });
    }
    const meaning = meaningOf(refused.reply, { stage: 'mail', sender });
    if (meaning === 'auth-required') return notApplicable('it takes MAIL from nobody without AUTH, and we have none');
    return inconclusive(doubtOfMail(meaning), `MAIL is refused: ${explain(meaning)}`, [cite(refused.reply)], {
      measured,
    });
  },
});
