import { cite } from '../../model/reply.ts';
import { listOf } from '../../postfix/values.ts';
import { confirmed, contradicted, defineRow, notTold } from '../row.ts';
import { untold } from '../untold.ts';

/** Where Postfix listens: reached, or refused. */
export const inetInterfaces = defineRow({
  directive: 'inet_interfaces',
  scope: 'host',
  probes: ['hello'],

  compare(value, { shown }) {
    const seen = shown.observed('hello');
    const isLocal = listOf(value).every((item) => /^(loopback-only|localhost|127\.[\d.]+|\[?::1\]?)$/i.test(item));
    // Connections are refused by a firewall, or by a Postfix that does not run, just as well.
    if (seen === null) return untold(shown, 'hello', 'nobody was reached');
    const at = cite(seen.greeting);
    if (!isLocal) return confirmed('it can be reached', 'it listens for others', at);
    const isOutside = shown.options.vantage === 'outside' || !isLoopback(seen.remoteAddress);
    if (isOutside) return contradicted('it can be reached', 'it should listen on loopback only', at);
    return notTold('it was reached over loopback: scan from another host', 'it can be reached over loopback', [at]);
  },
});

const isLoopback = (address: string): boolean => /^(::ffff:)?127\.|^::1$/.test(address);
