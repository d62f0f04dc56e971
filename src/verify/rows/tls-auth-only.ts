import type { Cite } from '../../model/transcript.ts';
import { isYes } from '../../postfix/values.ts';
import { authOf, demandsTls, hiddenFrom } from '../auth.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible, type Outcome, quoted } from '../row.ts';
import { untold } from '../untold.ts';
import { isOn } from '../values.ts';

/** AUTH inside TLS, or before it too. */
export const tlsAuthOnly = defineRow({
  directive: 'smtpd_tls_auth_only',
  probes: ['auth-before-tls', 'auth-after-tls', 'hello'],

  compare(value, context) {
    const { shown, service } = context;
    if (shown.endpoint.tls === 'implicit') return notVisible('TLS comes first on this port');
    if (!isOn(service, 'smtpd_sasl_auth_enable')) return notVisible('there is no AUTH here (smtpd_sasl_auth_enable)');
    const { clear, inside } = authOf(shown);
    if (clear === null) return untold(shown, 'auth-before-tls', 'no answer to EHLO');
    const there = clear.mechanisms.length > 0 ? clear.at : quoted(clear.works);
    if (there !== null) return ofOffer(value, clear, there);
    if (demandsTls(service.setting('smtpd_tls_security_level').value ?? ''))
      return notVisible('before TLS nothing is answered anyway (smtpd_tls_security_level)');
    const evidence = [...clear.refused.slice(0, 1), clear.at] as const;
    const words = 'no AUTH before TLS';
    if (isYes(value)) return confirmed(words, 'AUTH is not offered there', quoted(evidence) ?? clear.at);
    if (inside === null || inside.mechanisms.length === 0) return notTold('AUTH was not seen at all', words, evidence);
    const hidden = hiddenFrom(context);
    return hidden === null
      ? contradicted(words, 'AUTH should be there before TLS too', [clear.at, inside.at])
      : notTold(hidden, words, evidence);
  },
});

function ofOffer(
  value: string,
  { mechanisms }: NonNullable<ReturnType<typeof authOf>['clear']>,
  at: Cite | readonly [Cite, ...Cite[]],
): Outcome {
  const words = mechanisms.length > 0 ? `AUTH ${mechanisms.join(' ')} before TLS` : 'AUTH works before TLS';
  return isYes(value)
    ? contradicted(words, 'AUTH should be inside TLS only', at)
    : confirmed(words, 'AUTH is there before TLS', at);
}
