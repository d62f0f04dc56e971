import { cite, ehloKeywords } from '../../model/reply.ts';
import { ehlosOf, insideProbes } from '../ehlo.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible } from '../row.ts';
import { toldIn, untold } from '../untold.ts';
import { numberOf } from '../values.ts';

/** EHLO says it (RFC 1870), and MAIL with one octet more is refused. */
export const messageSizeLimit = defineRow({
  directive: 'message_size_limit',
  probes: ['hello', 'message-size', ...insideProbes],

  compare(value, { shown }) {
    const limit = numberOf(value);
    if (limit === null) return notTold(`"${value}" is no number`);
    const [reply] = ehlosOf(shown);
    if (reply === undefined) return untold(shown, 'hello', 'no answer to EHLO');
    const size = ehloKeywords(reply).find(({ keyword }) => keyword === 'SIZE');
    if (size === undefined) return notVisible('EHLO does not list SIZE (smtpd_discard_ehlo_keywords?)');
    const announced = Number(size.params[0] ?? '0');
    const line = cite(reply, size.line);
    const told = toldIn(shown, 'message-size');
    const enforced = told?.measured.enforced === true ? told.evidence.slice(-1) : [];
    const says = announced === 0 ? 'no limit announced' : `${announced} octets announced`;
    if (announced !== limit) return contradicted(says, `${limit} in the file, ${announced} in EHLO`, line);
    return confirmed(
      `${says}${enforced.length > 0 ? ', one more is refused' : ''}`,
      'EHLO has the number of the file',
      [line, ...enforced],
    );
  },
});
