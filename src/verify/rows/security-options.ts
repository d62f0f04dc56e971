import { inWords } from '../../model/in-words.ts';
import { isPlaintext, passes } from '../../postfix/security-options.ts';
import { type AuthSide, authOf, hiddenFrom, isOnlyInside } from '../auth.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible, type Outcome, type RowContext } from '../row.ts';
import { untold } from '../untold.ts';
import { isOn } from '../values.ts';

const isEnabled = ({ service }: RowContext): boolean => isOn(service, 'smtpd_sasl_auth_enable');

/** What AUTH may be by, before TLS. */
export const securityOptions = defineRow({
  directive: 'smtpd_sasl_security_options',
  probes: ['auth-before-tls', 'auth-after-tls', 'hello'],
  applies: isEnabled,

  compare(value, context) {
    const { clear, inside } = authOf(context.shown);
    if (context.shown.endpoint.tls === 'implicit')
      return notVisible('TLS comes first on this port, and then smtpd_sasl_tls_security_options count');
    if (clear === null || clear.mechanisms.length === 0) {
      if (isOnlyInside(context))
        return notVisible(
          'there is no AUTH before TLS (smtpd_tls_auth_only, smtpd_tls_security_level), where it would count',
        );
      return notTold(
        hiddenFrom(context) ?? 'no list of mechanisms was seen before TLS',
        null,
        clear === null ? [] : [clear.at],
      );
    }
    return compareOptions(value, clear, inside?.mechanisms ?? []);
  },
});

/** What AUTH may be by, inside TLS. */
export const tlsSecurityOptions = defineRow({
  directive: 'smtpd_sasl_tls_security_options',
  probes: ['auth-after-tls', 'auth-before-tls', 'hello'],
  applies: isEnabled,

  compare(value, context) {
    const { clear, inside } = authOf(context.shown);
    if (inside === null) return untold(context.shown, 'auth-after-tls', 'TLS was not looked into');
    if (inside.mechanisms.length === 0)
      return notTold(hiddenFrom(context) ?? 'no list of mechanisms was seen inside TLS', null, [inside.at]);
    return compareOptions(value, inside, clear?.mechanisms ?? []);
  },
});

/** `elsewhere`: mechanisms that are listed on the other side of STARTTLS, so that they are there to be had. */
function compareOptions(options: string, { mechanisms, at }: AuthSide, elsewhere: readonly string[]): Outcome {
  const seen = `AUTH ${mechanisms.join(' ')}`;
  const barred = mechanisms.filter((name) => !passes(name, options));
  if (barred.length > 0) return contradicted(seen, `${inWords(barred)} should not be listed`, at);
  const missing = elsewhere.filter(
    (name) => (isPlaintext(name) || name === 'ANONYMOUS') && passes(name, options) && !mechanisms.includes(name),
  );
  if (missing.length > 0) return contradicted(seen, `nothing in the file keeps ${inWords(missing)} off this list`, at);
  return confirmed(seen, 'the list has nothing that these options forbid', at);
}
