import { cite } from '../../model/reply.ts';
import { ehlosOf } from '../ehlo.ts';
import { confirmed, contradicted, defineRow, notTold } from '../row.ts';

/** The first word of the answer to EHLO. */
export const hostname = defineRow({
  directive: 'myhostname',
  probes: ['hello'],

  compare(value, { seen }) {
    const [reply] = ehlosOf(seen);
    if (reply === undefined) return notTold(seen.finding('hello')?.because ?? 'no answer to EHLO');
    const said = reply.lines[0].text.slice(4).trim().split(/\s+/)[0] ?? '';
    return said.toLowerCase() === value.trim().toLowerCase()
      ? confirmed(said, 'the answer to EHLO begins with it', cite(reply))
      : contradicted(said, 'the answer to EHLO begins with another name', cite(reply));
  },
});
