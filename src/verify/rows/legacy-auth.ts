import { isYes } from '../../postfix/values.ts';
import { authOf } from '../auth.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible } from '../row.ts';
import { isOn } from '../values.ts';

/** `AUTH=PLAIN` beside `AUTH PLAIN`. */
export const brokenClients = defineRow({
  directive: 'broken_sasl_auth_clients',
  probes: ['auth-after-tls', 'auth-before-tls', 'hello'],

  compare(value, context) {
    const { clear, inside } = authOf(context.shown);
    const sides = [inside, clear].filter((side) => side !== null);
    const legacy = sides.find((side) => side.legacy !== null)?.legacy ?? null;
    if (legacy !== null) {
      return isYes(value)
        ? confirmed('AUTH= is listed', 'the second spelling is there', legacy)
        : contradicted('AUTH= is listed', 'the file does not want the second spelling', legacy);
    }
    const listed = sides.find(({ mechanisms }) => mechanisms.length > 0);
    if (listed !== undefined) {
      return isYes(value)
        ? contradicted('AUTH= is not listed', 'the file wants the second spelling', listed.at)
        : confirmed('AUTH= is not listed', 'there is one spelling', listed.at);
    }
    if (!isOn(context.service, 'smtpd_sasl_auth_enable')) return notVisible('there is no AUTH here to be spelt twice');
    return notTold('no list of mechanisms was seen');
  },
});
