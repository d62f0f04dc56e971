import { cite } from '../../model/reply.ts';
import { listOf } from '../../postfix/values.ts';
import { confirmed, contradicted, defineRow, notTold, quoted } from '../row.ts';
import { helloShape } from '../seen.ts';

/** Where Postfix listens: reached, or refused. */
export const inetInterfaces = defineRow({
  directive: 'inet_interfaces',
  scope: 'host',
  probes: ['hello'],

  compare(value, { seen }) {
    const finding = seen.finding('hello');
    const hello = seen.observed('hello', helloShape);
    const loopbackOnly = listOf(value).every((item) => /^(loopback-only|localhost|127\.[\d.]+|\[?::1\]?)$/i.test(item));
    if (hello !== null) {
      const at = cite(hello.greeting);
      if (!loopbackOnly) return confirmed('it can be reached', 'it listens for others', at);
      const isOutside = seen.options.vantage === 'outside' || !isLoopback(hello.remoteAddress);
      if (isOutside) return contradicted('it can be reached', 'it should listen on loopback only', at);
      return notTold('it was reached over loopback: scan from another host', 'it can be reached over loopback', [at]);
    }
    const refused = /ECONNREFUSED|connection was refused/.test(finding?.because ?? '');
    const evidence = quoted(finding?.evidence ?? []);
    if (!refused || evidence === null)
      return notTold(finding?.because ?? 'nobody was reached', null, finding?.evidence ?? []);
    if (loopbackOnly) return confirmed('connections are refused', 'it does not listen for others', evidence);
    return notTold('a firewall may refuse for it, or Postfix does not run', 'connections are refused', evidence);
  },
});

const isLoopback = (address: string): boolean => /^(::ffff:)?127\.|^::1$/.test(address);
