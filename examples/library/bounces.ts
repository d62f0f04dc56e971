// bounces.ts
import { defineProbe, kit } from 'mxprobe';

export const bounces = defineProbe({
  id: 'bounces',
  question: 'Does it take bounces?',
  severity: 'medium',
  safety: 'active',
  why: 'Who refuses the null sender never learns that a message has failed, and some servers then refuse theirs.',
  judged: 'pass: MAIL FROM:<> is taken. fail: refused for good, for the sender. inconclusive: anything else.',
  refs: ['RFC 5321 §4.5.5', 'RFC 5321 §6.1'],
  fix: { postfix: ['postconf -n smtpd_sender_restrictions  # take out what refuses <>'] },
  cost: { connections: 1, commands: 2 },

  // What was said: plain data that fits into JSON. Silence, a hang-up and a 421 never get this far: the engine makes them inconclusive.
  async observe(wire) {
    await using session = await wire.session();
    return { mail: await session.say('MAIL FROM:<>') };
  },

  // What it means: pure, so that a saved report can be judged again. A pass and a fail quote the server.
  judge({ mail: { reply } }) {
    if (kit.isPositive(reply)) return kit.pass('it takes MAIL from the null sender', kit.cite(reply));
    const meaning = kit.meaningOf(reply, { stage: 'mail', sender: '' });
    if (meaning === 'sender-rejected')
      return kit.fail('it refuses the null sender', kit.cite(reply), { headline: 'Bounces cannot reach it' });
    return kit.inconclusive('ambiguous', `MAIL FROM:<> is answered with ${meaning}`, [kit.cite(reply)]);
  },
});
