import { cite, isPositive } from '../../model/reply.ts';
import { isYes } from '../../postfix/values.ts';
import { confirmed, contradicted, defineRow, notTold } from '../row.ts';
import { untold } from '../untold.ts';

/** 503 to MAIL before EHLO where a name is wanted first, 250 where not. */
export const heloRequired = defineRow({
  directive: 'smtpd_helo_required',
  probes: ['helo-required'],

  compare(value, { shown }) {
    const reply = shown.observed('helo-required')?.phases.at(-1)?.mail.exchange?.reply;
    if (reply === undefined) return untold(shown, 'helo-required', 'MAIL before EHLO was not answered');
    const at = cite(reply);
    if (isPositive(reply)) {
      return isYes(value)
        ? contradicted('MAIL is taken before EHLO', 'the file wants a name first', at)
        : confirmed('MAIL is taken before EHLO', 'the file wants no name', at);
    }
    // Another refusal says nothing of the order of commands.
    if (reply.code !== 503) return notTold('MAIL before EHLO was answered with something else', at.quote, [at]);
    return isYes(value)
      ? confirmed('MAIL before EHLO is refused', 'a name is wanted first', at)
      : contradicted('MAIL before EHLO is refused', 'the file wants no name', at);
  },
});
