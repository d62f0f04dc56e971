import { inWords } from '../../model/in-words.ts';
import { passes } from '../../postfix/security-options.ts';
import { type AuthSide, authOf, hiddenFrom } from '../auth.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible, type RowContext } from '../row.ts';
import { isOn } from '../values.ts';

/**
 * The mechanisms of Dovecot, or of Cyrus SASL (`mech_list`): not in Postfix's files, so the user says what they are.
 */
export const authMechanisms = defineRow({
  directive: 'auth_mechanisms',
  probes: ['auth-after-tls', 'auth-before-tls', 'hello'],
  applies: ({ service }) => isOn(service, 'smtpd_sasl_auth_enable'),
  configured: ({ configuration: { mechanisms } }) =>
    mechanisms === null
      ? { value: null, where: 'of Dovecot or Cyrus SASL' }
      : { value: mechanisms.join(' '), where: '--mechanisms' },
  whenUnknown: ({ shown }) => {
    const side = listOf(shown);
    const wayOn =
      'it is in no file of Postfix\'s: --mechanisms "$(doveconf -h auth_mechanisms)" says what it should be';
    return notTold(wayOn, side === null ? null : `AUTH ${side.mechanisms.join(' ')}`, side === null ? [] : [side.at]);
  },

  compare(value, context) {
    const side = listOf(context.shown);
    if (side === null) return notTold(hiddenFrom(context) ?? 'no list of mechanisms was seen');
    const options = context.service.setting(
      side === authOf(context.shown).clear ? 'smtpd_sasl_security_options' : 'smtpd_sasl_tls_security_options',
    ).value;
    const filter = context.service.setting('smtpd_sasl_mechanism_filter').value ?? '';
    if (options === null || !/^(|!external, static:rest)$/.test(filter.trim()))
      return notVisible(`what Postfix leaves out (smtpd_sasl_mechanism_filter = ${filter}) is not known`, null, [
        side.at,
      ]);
    const wanted = value
      .toUpperCase()
      .split(/\s+/)
      .filter((name) => name !== '' && name !== 'EXTERNAL' && passes(name, options));
    const missing = wanted.filter((name) => !side.mechanisms.includes(name));
    const extra = side.mechanisms.filter((name) => !wanted.includes(name));
    const seen = `AUTH ${side.mechanisms.join(' ')}`;
    if (missing.length === 0 && extra.length === 0) return confirmed(seen, 'these and no others are listed', side.at);
    const because = [
      ...(missing.length > 0 ? [`${inWords(missing)} should be listed`] : []),
      ...(extra.length > 0 ? [`${inWords(extra)} should not`] : []),
    ];
    return contradicted(seen, because.join(', and '), side.at);
  },
});

/** The list inside TLS, else the one in clear. */
function listOf(shown: RowContext['shown']): AuthSide | null {
  const { clear, inside } = authOf(shown);
  return [inside, clear].find((side) => side !== null && side.mechanisms.length > 0) ?? null;
}
