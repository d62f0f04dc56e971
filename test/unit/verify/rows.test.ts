import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { verifyScenarios } from '../../../docker/scenarios/verify.ts';
import { probes } from '../../../probes/index.ts';
import { allRows } from '../../../src/verify/all-rows.ts';

/** What hardening guides teach, and what else shows on the wire. Each of these has a row. */
const directives = `
  smtpd_client_connection_rate_limit anvil_rate_time_unit smtpd_client_event_limit_exceptions smtpd_client_message_rate_limit
  default_process_limit queue_minfree header_size_limit message_size_limit
  smtpd_sasl_auth_enable smtpd_sasl_type smtpd_sasl_path auth_mechanisms pwcheck_method
  smtpd_sasl_security_options smtpd_sasl_tls_security_options smtpd_sasl_local_domain broken_sasl_auth_clients
  smtpd_recipient_restrictions smtpd_relay_restrictions smtpd_client_restrictions
  inet_interfaces mydestination mynetworks mynetworks_style relay_domains disable_vrfy_command
  smtpd_client_connection_count_limit smtpd_client_recipient_rate_limit smtpd_client_auth_rate_limit
  smtpd_client_new_tls_session_rate_limit smtpd_hard_error_limit smtpd_soft_error_limit smtpd_error_sleep_time
  smtpd_junk_command_limit smtpd_recipient_limit smtpd_timeout smtpd_per_request_deadline
  smtpd_tls_security_level smtpd_tls_auth_only smtpd_tls_protocols smtpd_tls_mandatory_protocols
  smtpd_tls_exclude_ciphers smtpd_helo_required smtpd_forbid_bare_newline smtpd_forbid_unauth_pipelining
  smtpd_banner myhostname smtpd_discard_ehlo_keywords`
  .trim()
  .split(/\s+/);

describe('rows', () => {
  test('there is one for every directive, and for no other', () => {
    expect(allRows.map(({ directive }) => directive).toSorted()).toEqual(directives.toSorted());
  });

  test('name probes that there are', () => {
    const ids = probes.map(({ id }) => id);
    expect(allRows.flatMap((row) => row.probes).filter((id) => !ids.includes(id))).toEqual([]);
  });
});

/** What the image of the lab sets before any scenario changes it. */
const baseline = readFileSync('docker/images/postfix-dovecot/main.cf', 'utf8');

describe('the lab', () => {
  /** Whether a scenario's server sets a directive, and how its verification ends for it. */
  const cases = verifyScenarios.flatMap(({ config, rows }) =>
    Object.entries(rows).map(([directive, verdict]) => {
      const unset = ['run:unset', 'run:mynetworks'].flatMap((key) => (config[key] ?? '').split(' '));
      const isWritten = Object.keys(config).some((key) => new RegExp(`^(main:|master:.*/)${directive}$`).test(key));
      const isInBaseline = new RegExp(`^${directive} =`, 'm').test(baseline) && !unset.includes(directive);
      const isSet = isWritten || isInBaseline;
      return { directive, verdict, isSet };
    }),
  );
  const of = (directive: string) => cases.filter((one) => one.directive === directive);

  /** Nothing in files of Postfix's sets these two. */
  const elsewhere = ['auth_mechanisms', 'pwcheck_method'];

  test.each(directives.filter((directive) => !elsewhere.includes(directive)))(
    '%s is set in one server and not set in another',
    (directive) => {
      expect(of(directive).map(({ isSet }) => isSet)).toEqual(expect.arrayContaining([true, false]));
    },
  );

  test('all are confirmed in some server, but those that never show', () => {
    const never = directives.filter((directive) => !of(directive).some(({ verdict }) => verdict === 'confirmed'));
    expect(never.toSorted()).toEqual(['header_size_limit', 'pwcheck_method', 'smtpd_sasl_path']);
  });
});
