import { cite } from '../../model/reply.ts';
import { confirmed, contradicted, defineRow, notTold } from '../row.ts';
import { helloShape } from '../seen.ts';

/** The greeting, word for word. */
export const banner = defineRow({
  directive: 'smtpd_banner',
  probes: ['hello'],

  compare(value, { seen }) {
    const hello = seen.observed('hello', helloShape);
    if (hello === null || hello.greeting.code !== 220) return notTold(seen.finding('hello')?.because ?? 'no greeting');
    const said = hello.greeting.lines[0].text.slice(4).trim();
    const at = cite(hello.greeting);
    return said === value.trim()
      ? confirmed(said, 'the greeting is that of the file, word for word', at)
      : contradicted(said, 'the greeting has other words', at);
  },
});
