import { isPositive } from '../src/kit/index.ts';
import { defineRateProbe } from '../src/kit/limits/define-rate-probe.ts';
import { asksInsideTls } from '../src/kit/limits/event-kind.ts';
import { EventSource } from '../src/kit/limits/event-source.ts';
import { hello } from './hello.ts';

export const recipientRate = defineRateProbe({
  id: 'recipient-rate',
  question: 'How many recipients may one client name in a minute?',
  severity: 'low',
  weighs: 'Low: as message-rate.',
  why: 'Names are guessed by RCPT, thousands a minute where nothing stops it; and one message to many recipients is as good to a spammer as many messages.',
  judged:
    'One transaction from <>, RCPT TO over and over, for the mailbox named with --recipient, else <postmaster>, whom Postfix exempts from policies, though not from its own limits, pipelined, never DATA, after a silence as long as the window. A limit per message (452 4.5.3) is met with a new transaction. pass: N are accepted and the next is refused, in a window proven fresh, and N is not above the policy. fail: no refusal within --max-events, or a limit far above the policy. inconclusive: the recipient is not taken, another limiter came first, the burst was stretched past the window, or nothing tripped and the server may exempt us (loopback, private or near addresses, unless --vantage outside).',
  refs: ['RFC 5321 §4.5.1 (postmaster)', 'Postfix smtpd_client_recipient_rate_limit, anvil_rate_time_unit'],
  cost: { connections: 2, commands: 145 },
  events: 'recipients',
  limitOn: 'how many recipients one client may name',
  hello,
  source: (wire, seen) =>
    new EventSource(wire, {
      // Postfix asks no restriction, and so no policy service, about <postmaster>.
      command: `RCPT TO:<${wire.subject.recipient ?? 'postmaster'}>`,
      after: null,
      before: 'MAIL FROM:<>',
      stage: 'rcpt',
      limiter: 'limit-recipient-rate',
      isUsual: isPositive,
      perSession: 1000,
      pipelined: true,
      tls: asksInsideTls(wire, seen.ehlo),
    }),
});
