import { connectionSource } from '../src/kit/limits/connections.ts';
import { defineRateProbe } from '../src/kit/limits/define-rate-probe.ts';
import { hello } from './hello.ts';

export const connectionRate = defineRateProbe({
  id: 'connection-rate',
  question: 'How many connections may one client make in a minute?',
  severity: 'low',
  weighs: 'Low: connections are cheap until something else is slow.',
  why: 'Whoever connects as often as they like can guess names and passwords without end and keep the server busy with greetings.',
  judged:
    'Connections one at a time, each closed on both sides before the next, after a silence as long as the window: with one open at most, a refusal can only be for their rate, whatever it says. Where none is refused, EHLO and MAIL FROM:<> are said in one more, and if that is refused for their rate, in all of another burst: Sendmail greets whom it refuses. pass: N are greeted and the next is refused, in a window proven fresh, and N is not above the policy. fail: no refusal within --max-events, or a limit far above the policy. inconclusive: the burst was stretched past the window, or nothing tripped and the server may exempt us (loopback, private or near addresses, unless --vantage outside). Shuts us out until the window is over.',
  refs: ['Postfix smtpd_client_connection_rate_limit, anvil_rate_time_unit', 'Sendmail FEATURE(ratecontrol)'],
  cost: { connections: 130, commands: 130 },
  events: 'connections',
  limitOn: 'how often one client may connect',
  hello,
  source: (wire) => connectionSource(wire),
});
