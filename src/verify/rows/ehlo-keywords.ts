import { inWords } from '../../model/in-words.ts';
import { cite, ehloKeywords, type Reply } from '../../model/reply.ts';
import { listOf } from '../../postfix/values.ts';
import { ehlosOf, insideProbes } from '../ehlo.ts';
import { confirmed, contradicted, defineRow, notTold } from '../row.ts';
import { untold } from '../untold.ts';

/** What every smtpd lists since 2.9, whatever else is set. */
const always = ['PIPELINING', 'SIZE', 'ETRN', 'ENHANCEDSTATUSCODES', '8BITMIME', 'DSN'];

/** Keywords that EHLO leaves out; most of the commands behind them work all the same. */
export const discardKeywords = defineRow({
  directive: 'smtpd_discard_ehlo_keywords',
  probes: ['hello', ...insideProbes],

  compare(value, { shown, service }) {
    const [reply] = ehlosOf(shown);
    if (reply === undefined) return untold(shown, 'hello', 'no answer to EHLO');
    const maps = service.setting('smtpd_discard_ehlo_keyword_address_maps').value;
    if (maps !== null && maps !== '') return notTold(`smtpd_discard_ehlo_keyword_address_maps = ${maps} has the say`);
    const discarded = listOf(value).map((word) => word.toUpperCase());
    const listed = ehloKeywords(reply);
    const kept = listed.filter(({ keyword }) => discarded.includes(keyword));
    const missing = always.filter(
      (keyword) => !discarded.includes(keyword) && !listed.some((entry) => entry.keyword === keyword),
    );
    const seenIs = inWords(listed.map(({ keyword }) => keyword));
    const [first] = kept;
    if (first !== undefined)
      return contradicted(seenIs, `${inWords(kept.map(({ keyword }) => keyword))} is listed`, cite(reply, first.line));
    if (missing.length > 0) return contradicted(seenIs, `${inWords(missing)} is missing`, whole(reply));
    return confirmed(
      seenIs,
      discarded.length === 0 ? 'nothing is left out' : 'what is to be left out is',
      whole(reply),
    );
  },
});

/** The first and the last line: what is not between them is not there. */
const whole = (reply: Reply) => [cite(reply), cite(reply, reply.lines.length - 1)] as const;
