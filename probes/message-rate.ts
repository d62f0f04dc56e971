import { isPositive, offers } from '../src/kit/index.ts';
import { defineRateProbe } from '../src/kit/limits/define-rate-probe.ts';
import { asksInsideTls } from '../src/kit/limits/event-kind.ts';
import { EventSource } from '../src/kit/limits/event-source.ts';
import { hello } from './hello.ts';

export const messageRate = defineRateProbe({
  id: 'message-rate',
  question: 'How many messages may one client begin in a minute?',
  severity: 'low',
  weighs: 'Low: whoever may send at all may send without end; other brakes may follow after DATA.',
  why: 'Without a limit one stolen password or one broken script sends as fast as the line allows, and the whole server is on the block lists before anybody looks.',
  judged:
    'MAIL FROM:<> and RSET, pipelined, at most 95 in a session (8 where it may be Exim), never DATA, after a silence as long as the window. pass: N are accepted and the next is refused, in a window proven fresh, and N is not above the policy. fail: no refusal within --max-events, or a limit far above the policy. inconclusive: another limiter came first, the burst was stretched past the window, or nothing tripped and the server may exempt us (loopback, private or near addresses, unless --vantage outside).',
  refs: ['Postfix smtpd_client_message_rate_limit, anvil_rate_time_unit', 'Exim smtp_ratelimit_mail'],
  cost: { connections: 3, commands: 270 },
  events: 'MAIL commands',
  limitOn: 'how many messages one client may begin',
  hello,
  source: (wire, seen) =>
    new EventSource(wire, {
      command: 'MAIL FROM:<>',
      after: 'RSET',
      before: null,
      stage: 'mail',
      limiter: 'limit-messages',
      isUsual: isPositive,
      // RSET is junk: Postfix stands 100, Exim, which has no enhanced codes, 10 (smtp_accept_max_nonmail).
      perSession: offers(seen.ehlo.reply, 'ENHANCEDSTATUSCODES') ? 95 : 8,
      pipelined: true,
      tls: asksInsideTls(wire, seen.ehlo),
    }),
});
