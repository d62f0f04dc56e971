// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how Postfix writes its own parameters.
import { describe, expect, test } from 'vitest';
import { defaultOf, hasDefault, parametersWithDefaults } from '../../../src/postfix/defaults.ts';
import { isParameter } from '../../../src/postfix/parameters.ts';
import { versionOf, versionsWith } from '../../../src/postfix/version.ts';

const at = (version: string) => versionOf(version) ?? [0, 0, 0];

describe('defaults by version', () => {
  test.each([
    [
      'smtpd_tls_protocols',
      {
        '2.11.5': '',
        '2.11.6': '!SSLv2, !SSLv3',
        '3.0.1': '',
        '3.0': '!SSLv2, !SSLv3',
        '3.5.27': '!SSLv2, !SSLv3',
        '3.6.0': '>=TLSv1',
        '3.11': '>=TLSv1',
      },
    ],
    [
      'smtpd_relay_restrictions',
      {
        '3.2': 'permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination',
        '3.3':
          '${{$compatibility_level} < {1} ? {} : {permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination}}',
      },
    ],
    [
      'smtpd_forbid_bare_newline',
      {
        '3.4.29': undefined,
        '3.5.22': undefined,
        '3.5.23': 'no',
        '3.6.12': undefined,
        '3.6.13': 'no',
        '3.8.4': 'no',
        '3.8': 'no',
        '3.9.0': 'normalize',
        '3.12-20260821': 'normalize',
      },
    ],
    ['smtpd_forbid_unauth_pipelining', { '3.7.5': undefined, '3.7.6': 'no', '3.8.0': undefined, '3.9': 'yes' }],
    ['smtpd_client_auth_rate_limit', { '3.0': undefined, '3.1': '0' }],
    [
      'smtpd_per_request_deadline',
      { '3.6': undefined, '3.7': '${smtpd_per_record_deadline?{$smtpd_per_record_deadline}:{${stress?{yes}:{no}}}}' },
    ],
    ['smtpd_client_ipv6_prefix_length', { '3.7': undefined, '3.8': '84' }],
    ['milter_default_action', { '3.10.7': 'tempfail', '3.10.8': 'shutdown', '3.11.0': 'shutdown' }],
    ['message_size_limit', { '2.11': '10240000', '3.11': '10240000' }],
    ['mynetworks', { '3.7': null }],
    ['no_such_parameter', { '3.7': undefined }],
  ])('%s', (parameter, byVersion) => {
    const ours = Object.fromEntries(
      Object.keys(byVersion).map((version) => [version, defaultOf(parameter, at(version))]),
    );
    expect(ours).toEqual(byVersion);
  });

  test('cover all that the hardening guides teach', () => {
    const taught = `smtpd_client_connection_rate_limit anvil_rate_time_unit smtpd_client_event_limit_exceptions smtpd_client_message_rate_limit
      default_process_limit queue_minfree header_size_limit message_size_limit smtpd_sasl_auth_enable smtpd_sasl_type smtpd_sasl_path
      smtpd_sasl_security_options smtpd_sasl_tls_security_options smtpd_sasl_local_domain broken_sasl_auth_clients smtpd_recipient_restrictions
      smtpd_client_restrictions inet_interfaces mydestination mynetworks mynetworks_style relay_domains disable_vrfy_command`;
    expect(taught.split(/\s+/).filter((name) => !hasDefault(name))).toEqual([]);
    expect(parametersWithDefaults.filter((name) => !isParameter(name))).toEqual([]);
  });
});

test.each([
  ['smtpd_banner', true],
  ['fallback_relay', true],
  ['smtp_tls_security_level', true],
  ['mytransport_destination_concurrency_limit', true],
  ['smptd_banner', false],
  ['constructor', false],
])('%s is a parameter: %s', (name, expected) => {
  expect(isParameter(name)).toBe(expected);
});

describe('versions', () => {
  test.each([
    ['3.7', [3, 7, Number.POSITIVE_INFINITY]],
    ['3.7.11', [3, 7, 11]],
    ['3.12-20260821', [3, 12, Number.POSITIVE_INFINITY]],
    ['3', null],
    ['latest', null],
    ['3.7.11.2', null],
  ])('%s', (text, expected) => {
    expect(versionOf(text)).toEqual(expected);
  });

  test.each([
    [null, '2.11', 13],
    ['0', '3.0', 12],
    ['2', '3.0', 12],
    ['3.6', '3.6', 6],
    ['3.11', '3.11', 1],
    ['4.0', '3.11', 1],
    ['9999', '3.11', 1],
    ['many', '3.0', 12],
  ])('that know compatibility level %s begin with %s', (level, oldest, count) => {
    const versions = versionsWith(level);
    expect(versions[0]?.slice(0, 2).join('.')).toBe(oldest);
    expect(versions).toHaveLength(count);
  });
});
