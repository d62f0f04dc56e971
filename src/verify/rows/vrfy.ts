import { cite } from '../../model/reply.ts';
import { isYes } from '../../postfix/values.ts';
import { confirmed, contradicted, defineRow, notTold } from '../row.ts';
import { untold } from '../untold.ts';

/** 502 where the command is off; 252, 550 or 554 where smtpd looks at the name. */
export const disableVrfy = defineRow({
  directive: 'disable_vrfy_command',
  probes: ['vrfy'],

  compare(value, { shown }) {
    const reply = shown.observed('vrfy')?.phases.at(-1)?.answers[0]?.exchange.reply;
    if (reply === undefined) return untold(shown, 'vrfy', 'VRFY was not answered');
    const { code } = reply;
    const at = cite(reply);
    if (code === 502 || code === 500) {
      return isYes(value)
        ? confirmed('VRFY is off', 'the command is refused as such', at)
        : contradicted('VRFY is off', 'the file leaves it on', at);
    }
    // What is said of TLS, AUTH or of this client is said before the command is looked at, or instead of an answer to
    // it.
    const looked =
      code === 252 || code === 250 || /user unknown|relay access denied|recipient address rejected/i.test(reply.text);
    if (!looked) return notTold('VRFY was answered with something else', at.quote, [at]);
    return isYes(value)
      ? contradicted('VRFY is answered', 'the file turns it off', at)
      : confirmed('VRFY is answered', 'the name is looked at', at);
  },
});
