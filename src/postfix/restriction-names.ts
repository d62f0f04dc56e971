/** What has to stand behind a restriction. */
export type Argument = 'table' | 'domain' | 'policy' | 'number';

/** The restrictions of smtpd(8) by name (postconf(5), SMTPD_ACCESS_README), old names included. */
const names = {
  none: `
    defer defer_if_permit defer_if_reject defer_unauth_destination check_recipient_maps check_relay_domains permit
    permit_auth_destination permit_inet_interfaces permit_mx_backup permit_mynetworks permit_naked_ip_address
    permit_sasl_authenticated permit_tls_all_clientcerts permit_tls_clientcerts reject
    reject_authenticated_sender_login_mismatch reject_invalid_helo_hostname reject_invalid_hostname
    reject_known_sender_login_mismatch reject_maps_rbl reject_multi_recipient_bounce reject_non_fqdn_helo_hostname
    reject_non_fqdn_hostname reject_non_fqdn_recipient reject_non_fqdn_sender reject_plaintext_session
    reject_sender_login_mismatch reject_unauth_destination reject_unauth_pipelining
    reject_unauthenticated_sender_login_mismatch reject_unknown_address reject_unknown_client
    reject_unknown_client_hostname reject_unknown_helo_hostname reject_unknown_hostname reject_unknown_recipient_domain
    reject_unknown_reverse_client_hostname reject_unknown_sender_domain reject_unlisted_recipient reject_unlisted_sender
    reject_unverified_recipient reject_unverified_sender warn_if_reject`,
  domain: `
    permit_dnswl_client permit_rhswl_client reject_rbl reject_rbl_client reject_rhsbl_client reject_rhsbl_helo
    reject_rhsbl_recipient reject_rhsbl_reverse_client reject_rhsbl_sender`,
  table: `
    check_ccert_access check_client_access check_client_a_access check_client_mx_access check_client_ns_access
    check_etrn_access check_helo_access check_helo_a_access check_helo_mx_access check_helo_ns_access
    check_recipient_access check_recipient_a_access check_recipient_mx_access check_recipient_ns_access
    check_reverse_client_hostname_access check_reverse_client_hostname_a_access
    check_reverse_client_hostname_mx_access check_reverse_client_hostname_ns_access check_sasl_access
    check_sender_access check_sender_a_access check_sender_mx_access check_sender_ns_access`,
  policy: 'check_policy_service',
  number: 'sleep',
} as const satisfies Record<Argument | 'none', string>;

const argumentsByName: ReadonlyMap<string, Argument | null> = new Map(
  (['none', 'domain', 'table', 'policy', 'number'] as const).flatMap((argument) =>
    names[argument]
      .trim()
      .split(/\s+/)
      .map((name) => [name, argument === 'none' ? null : argument] as const),
  ),
);

export const restrictionNames: readonly string[] = [...argumentsByName.keys()];

/**
 * What has to stand behind a restriction, whatever the case of its letters; null: nothing; undefined: there is none of
 * this name.
 */
export const argumentOf = (word: string): Argument | null | undefined => argumentsByName.get(word.toLowerCase());

/**
 * Lists of restrictions, in the order in which smtpd goes through them. A bare `type:table` has a meaning in most of
 * them.
 */
export const restrictionLists = [
  'smtpd_client_restrictions',
  'smtpd_helo_restrictions',
  'smtpd_sender_restrictions',
  'smtpd_relay_restrictions',
  'smtpd_recipient_restrictions',
  'smtpd_data_restrictions',
  'smtpd_end_of_data_restrictions',
  'smtpd_etrn_restrictions',
] as const;

/** Those in which a bare `type:table` means nothing. */
export const listsWithoutTables: readonly string[] = ['smtpd_data_restrictions', 'smtpd_end_of_data_restrictions'];

/** Words that let nobody without rights pass: smtpd wants one of them before it takes mail at all. */
export const keepsOut: readonly string[] = [
  'reject_unauth_destination',
  'defer_unauth_destination',
  'reject',
  'defer',
  'defer_if_permit',
  'check_relay_domains',
];
