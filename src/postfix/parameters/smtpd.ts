/** What smtpd(8) reads, and who else does. See `../parameters.ts`. */
export const smtpdReads = `
bounce,cleanup,smtp,lmtp,smtpd text 1..: header_from_format@3.3
bounce,smtpd text 1..: bounce_notice_recipient
cleanup,smtpd switch: requiretls_esmtp_header@3.11
cleanup,smtpd text 1..: milter_default_action milter_macro_daemon_name milter_macro_v milter_protocol
cleanup,smtpd time 1..: milter_command_timeout milter_connect_timeout milter_content_timeout
postscreen,smtp,lmtp,smtpd text 1..: tlsproxy_service_name
postscreen,smtpd number: smtpd_client_connection_count_limit smtpd_tls_trace_size_limit@3.12
postscreen,smtpd switch: disable_vrfy_command smtpd_helo_required
postscreen,smtpd text 1..: smtpd_banner smtpd_expansion_filter
postscreen,smtpd time 1..: smtpd_starttls_timeout
postscreen,smtpd,tlsproxy number: smtpd_tls_ccert_verifydepth
postscreen,smtpd,tlsproxy switch: smtpd_enforce_tls smtpd_tls_always_issue_session_ids smtpd_tls_ask_ccert
  smtpd_tls_enable_rpk@3.9 smtpd_tls_req_ccert smtpd_use_tls
postscreen,smtpd,tlsproxy text 1..: smtpd_tls_ciphers smtpd_tls_eecdh_grade smtpd_tls_fingerprint_digest
  smtpd_tls_mandatory_ciphers
smtp,lmtp,smtpd text 1..: error_notice_recipient
smtpd number: access_map_defer_code access_map_reject_code defer_code invalid_hostname_reject_code
  maps_rbl_reject_code multi_recipient_bounce_reject_code non_fqdn_reject_code plaintext_reject_code reject_code
  relay_domains_reject_code smtpd_client_auth_rate_limit@3.1 smtpd_client_connection_rate_limit
  smtpd_client_message_rate_limit smtpd_client_new_tls_session_rate_limit smtpd_client_recipient_rate_limit
  smtpd_policy_service_request_limit@3.0 unknown_address_reject_code unknown_client_reject_code
  unknown_hostname_reject_code unknown_local_recipient_reject_code unknown_relay_recipient_reject_code
  unknown_virtual_alias_reject_code unknown_virtual_mailbox_reject_code
smtpd number ..128: smtpd_client_ipv6_prefix_length@3.8
smtpd number ..32: smtpd_client_ipv4_prefix_length@3.8
smtpd number 1..: address_verify_poll_count smtpd_hard_error_limit smtpd_history_flush_threshold
  smtpd_junk_command_limit smtpd_min_data_rate@3.7 smtpd_policy_service_try_limit@3.0 smtpd_recipient_limit
  smtpd_recipient_overshoot_limit smtpd_soft_error_limit
smtpd number 12288..: smtpd_sasl_response_limit@3.4
smtpd number 200..499: unverified_recipient_defer_code unverified_sender_defer_code
smtpd number 200..599: unverified_recipient_reject_code unverified_sender_reject_code
smtpd number 500..599: smtpd_forbid_bare_newline_reject_code@3.5.24+3.6.14+3.7.10+3.8.5+3.9
smtpd size: queue_minfree
smtpd switch: allow_untrusted_routing broken_sasl_auth_clients smtpd_client_port_logging
  smtpd_delay_open_until_valid_rcpt smtpd_delay_reject smtpd_forbid_unauth_pipelining@3.5.20+3.6.10+3.7.6+3.8.1+3.9
  smtpd_hide_client_session@3.10 smtpd_peername_lookup smtpd_per_record_deadline smtpd_per_request_deadline@3.7
  smtpd_reject_unlisted_recipient smtpd_reject_unlisted_sender smtpd_relay_before_recipient_restrictions@3.6
  smtpd_sasl_auth_enable smtpd_sasl_authenticated_header smtpd_tls_auth_only smtpd_tls_received_header
  smtpd_tls_wrappermode strict_rfc821_envelopes
smtpd text 1..: default_rbl_reply reject_tempfail_action smtpd_forbid_bare_newline@3.5.23+3.6.13+3.7.9+3.8.4+3.9
  smtpd_policy_service_default_action@3.0 smtpd_sasl_path smtpd_sasl_service smtpd_sasl_type
  unknown_address_tempfail_action unknown_helo_hostname_tempfail_action unverified_recipient_tempfail_action
  unverified_sender_tempfail_action
smtpd time: smtpd_error_sleep_time
smtpd time 1..: address_verify_poll_delay smtpd_policy_service_max_idle smtpd_policy_service_max_ttl
  smtpd_policy_service_retry_delay@3.0 smtpd_policy_service_timeout smtpd_proxy_timeout smtpd_timeout
  smtpd_upstream_proxy_timeout
smtpd,trivial-rewrite switch: show_user_unknown_table_name
smtpd,verify time: address_verify_sender_ttl
`;
