import { isYes } from '../../postfix/values.ts';
import { confirmed, contradicted, defineRow, notTold } from '../row.ts';
import { toldIn, untold } from '../untold.ts';

/** Whether smtpd ends a session in which commands do not wait for the answers that they hang on. */
export const forbidUnauthPipelining = defineRow({
  directive: 'smtpd_forbid_unauth_pipelining',
  probes: ['pipelining-order'],

  compare(value, { shown }) {
    const told = toldIn(shown, 'pipelining-order');
    if (told === null) return untold(shown, 'pipelining-order');
    const { evidence, measured } = told;
    const kinds = [measured.ehlo, measured.data];
    if (kinds.every((kind) => kind === 'stopped'))
      return isYes(value)
        ? confirmed('commands that do not wait are stopped', 'the file forbids them', evidence)
        : contradicted('commands that do not wait are stopped', 'the file allows them', evidence);
    if (kinds.every((kind) => kind === 'taken'))
      return isYes(value)
        ? contradicted('commands that do not wait are run', 'the file forbids them', evidence)
        : confirmed('commands that do not wait are run', 'the file allows them', evidence);
    return notTold(
      'some commands that do not wait are run, and some are not: Postfix makes no difference',
      null,
      evidence,
    );
  },
});
