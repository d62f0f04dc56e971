import { cite, defineProbe, fail, inconclusive, pass } from '../src/kit/index.ts';
import { lastAnswer } from '../src/kit/proof/hand-in.ts';
import { roundTrip, roundTripShape } from '../src/kit/proof/round-trip.ts';
import { untoldTrip } from '../src/kit/proof/untold-trip.ts';
import { hello } from './hello.ts';

export const delivers = defineProbe({
  id: 'delivers',
  question: 'Does mail for a mailbox of its own arrive there?',
  severity: 'medium',
  weighs: 'Medium: mail from outside for one of its users is turned away; what is lost on the way nobody hears of.',
  safety: 'intrusive',
  why: 'A server may take mail and lose it behind the queue: a full disk, a filter that answers nobody, a mailbox server that is down. Only a message that arrives shows the whole way.',
  judged:
    'Runs with --inbox, a mailbox of your own on that server, and --recipient, whose it is: one message of under 1 kB, inside TLS where that is offered. pass: it arrives; measured are the seconds, the TLS version and the authentication results as the receiver wrote them. fail: it is refused at RCPT or at its end, for good. inconclusive: it is put off, refused for what we are, or not there in --wait (10 minutes).',
  refs: ['RFC 5321 §4.4, §6.1', 'RFC 8601 §2', 'Postfix virtual_transport, mailbox_transport, defer_transports'],
  // What mends it depends on why it is refused: these show where the server takes the mailbox for.
  fix: {
    postfix: [
      'postconf -n | grep -E "mydestination|_domains|_maps|restrictions|milters"',
      'sendmail -bv alice@example.com',
    ],
    exim: ['exim -bt alice@example.com'],
    sendmail: ['sendmail -bv alice@example.com'],
    opensmtpd: ['smtpctl show queue', 'smtpd -n'],
  },
  cost: { connections: 1, commands: 7, seconds: 10 },
  needs: { hello },
  applies: ({ role }) => role === 'mx' || 'mail from outside comes in elsewhere',
  data: roundTripShape,

  observe: (wire, { hello: seen }) =>
    roundTrip(wire, seen, {
      fields: [],
      counted: [],
      shown: ({ received: [newest] }) => (newest === undefined ? 'it arrived' : `Received: ${newest}`),
    }),

  judge(data) {
    const { arrived, handed, recipient, inbox, waitedSeconds } = data;
    const measured = { recipient, inbox, waitedSeconds };
    const untold = untoldTrip(data, measured);
    if (untold !== null) return untold;
    const last = handed === null ? null : lastAnswer(handed);
    if (last === null) return inconclusive('ambiguous', 'no answer came', [], { measured });
    const quote = cite(last.exchange.reply);
    if (arrived === null)
      return fail(`it refuses a message to ${recipient}`, quote, {
        measured,
        headline: 'It refuses mail for one of its own mailboxes',
      });
    const { seconds, arrival, at } = arrived;
    return pass(`a message arrives after ${seconds} s`, [at, quote], {
      measured: {
        ...measured,
        seconds,
        tls: arrival.tls ?? tlsIn(arrival.received),
        authentication: arrival.authentication,
      },
    });
  },
});

/**
 * As the receiver wrote it: the version, `(using TLSv1.3 with cipher …)`, `(version=TLSv1.3 …)`; else the protocol
 * of the server that took it inside TLS, `ESMTPS` (RFC 3848). The newest line that tells.
 */
function tlsIn(received: readonly string[]): string | null {
  for (const form of [/\b(TLSv?1(?:[._][0-3])?)\b/i, /\bwith ((?:UTF8)?E?SMTPSA?)\b/i])
    for (const line of received) {
      const found = form.exec(line)?.[1];
      if (found !== undefined) return found;
    }
  return null;
}
