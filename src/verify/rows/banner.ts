import { cite } from '../../model/reply.ts';
import { confirmed, contradicted, defineRow } from '../row.ts';
import { untold } from '../untold.ts';

/** The greeting, word for word. */
export const banner = defineRow({
  directive: 'smtpd_banner',
  probes: ['hello'],

  compare(value, { shown }) {
    const greeting = shown.observed('hello')?.greeting;
    if (greeting?.code !== 220) return untold(shown, 'hello', 'no greeting');
    const said = greeting.lines[0].text.slice(4).trim();
    const at = cite(greeting);
    return said === value.trim()
      ? confirmed(said, 'the greeting is that of the file, word for word', at)
      : contradicted(said, 'the greeting has other words', at);
  },
});
