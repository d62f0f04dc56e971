import { type Fault, fatal } from '../problem.ts';
import { passes } from '../security-options.ts';
import { isYes } from '../values.ts';

type SettingOf = (parameter: string) => string | null;

/**
 * The parameter whose options leave smtpd no mechanism at all, and what comes of that; null where some are left, or
 * none are known.
 */
export function mechanismsFault(
  mechanisms: readonly string[] | null,
  setting: SettingOf,
): { readonly parameter: string; readonly fault: Fault } | null {
  if (mechanisms === null || mechanisms.length === 0 || isYes(setting('smtpd_sasl_auth_enable') ?? '') !== true)
    return null;
  for (const { parameter, when } of sidesOf(setting)) {
    const options = setting(parameter);
    if (options === null || mechanisms.some((mechanism) => passes(mechanism, options))) continue;
    const message = `${parameter} = ${options} leaves none of the mechanisms ${mechanisms.join(' ')}: smtpd ends ${when}`;
    return { parameter, fault: fatal(message) };
  }
  return null;
}

/** Which options count, and when they do. */
function sidesOf(setting: SettingOf): { readonly parameter: string; readonly when: string }[] {
  const isOn = (parameter: string) => isYes(setting(parameter) ?? '') === true;
  const level = (setting('smtpd_tls_security_level') ?? 'unknown').toLowerCase();
  const wrapped = isOn('smtpd_tls_wrappermode');
  const must = wrapped || /^(encrypt|fingerprint|verify|secure)$/.test(level);
  const inClear = !must && level !== 'unknown' && isYes(setting('smtpd_tls_auth_only') ?? '') === false;
  return [
    ...(inClear ? [{ parameter: 'smtpd_sasl_security_options', when: 'as soon as somebody connects' }] : []),
    ...(must || level === 'may'
      ? [{ parameter: 'smtpd_sasl_tls_security_options', when: 'as soon as TLS begins' }]
      : []),
  ];
}
