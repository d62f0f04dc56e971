import { cite } from '../../model/reply.ts';
import { ehlosOf, insideProbes } from '../ehlo.ts';
import { confirmed, contradicted, defineRow } from '../row.ts';
import { untold } from '../untold.ts';

/** The first word of the answer to EHLO. */
export const hostname = defineRow({
  directive: 'myhostname',
  probes: ['hello', ...insideProbes],

  compare(value, { shown }) {
    const [reply] = ehlosOf(shown);
    if (reply === undefined) return untold(shown, 'hello', 'no answer to EHLO');
    const said = reply.lines[0].text.slice(4).trim().split(/\s+/)[0] ?? '';
    return said.toLowerCase() === value.trim().toLowerCase()
      ? confirmed(said, 'the answer to EHLO begins with it', cite(reply))
      : contradicted(said, 'the answer to EHLO begins with another name', cite(reply));
  },
});
