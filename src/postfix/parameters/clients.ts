/** What smtp(8), lmtp(8) and tlsproxy(8) read; `tls`: all that speak TLS. See `../parameters.ts`. */
export const clientsRead = `
lmtp number: lmtp_connection_reuse_count_limit lmtp_line_length_limit lmtp_mx_address_limit lmtp_mx_session_limit
  lmtp_tls_scert_verifydepth lmtp_tls_trace_size_limit@3.12
lmtp number 1..: lmtp_min_data_rate@3.7
lmtp switch: lmtp_assume_final lmtp_balance_inet_protocols@3.3 lmtp_bind_address_enforce@3.7
  lmtp_cname_overrides_servername lmtp_connection_cache_on_demand lmtp_defer_if_no_mx_address_found lmtp_enforce_tls
  lmtp_log_tls_feature_status@3.11 lmtp_per_record_deadline lmtp_per_request_deadline@3.7
  lmtp_quote_rfc821_envelope lmtp_randomize_addresses lmtp_sasl_auth_enable lmtp_sasl_auth_soft_bounce
  lmtp_send_dummy_mail_auth lmtp_send_xforward_command lmtp_sender_dependent_authentication lmtp_skip_5xx_greeting
  lmtp_skip_quit_response lmtp_tls_block_early_mail_reply lmtp_tls_connection_reuse@3.4 lmtp_tls_enable_rpk@3.9
  lmtp_tls_enforce_peername lmtp_tls_enforce_sts_mx_patterns@3.10.5+3.11 lmtp_tls_force_insecure_host_tlsa_lookup
  lmtp_tls_note_starttls_offer lmtp_tls_wrappermode@3.0 lmtp_tlsrpt_enable@3.10
  lmtp_tlsrpt_skip_reused_handshakes@3.10 lmtp_use_tls
lmtp text 1..: lmtp_address_preference lmtp_address_verify_target@3.0 lmtp_host_lookup lmtp_lhlo_name lmtp_sasl_type
  lmtp_tls_ciphers lmtp_tls_fingerprint_digest lmtp_tls_mandatory_ciphers lmtp_tls_secure_cert_match
  lmtp_tls_verify_cert_match
lmtp text 1..1: lmtp_sasl_password_result_delimiter@3.9
lmtp time: lmtp_connect_timeout lmtp_pix_workaround_threshold_time lmtp_sasl_auth_cache_time
lmtp time 1..: lmtp_connection_cache_time_limit lmtp_connection_reuse_time_limit lmtp_data_done_timeout
  lmtp_data_init_timeout lmtp_data_xfer_timeout lmtp_lhlo_timeout lmtp_mail_timeout lmtp_pix_workaround_delay_time
  lmtp_quit_timeout lmtp_rcpt_timeout lmtp_rset_timeout lmtp_starttls_timeout lmtp_xforward_timeout
qmgr,smtp,lmtp time 1..: minimal_backoff_time queue_run_delay
smtp number: smtp_connection_reuse_count_limit smtp_line_length_limit smtp_mx_address_limit smtp_mx_session_limit
  smtp_tls_trace_size_limit@3.12
smtp number 1..: smtp_min_data_rate@3.7
smtp switch: smtp_always_send_ehlo smtp_balance_inet_protocols@3.3 smtp_bind_address_enforce@3.7
  smtp_cname_overrides_servername smtp_connection_cache_on_demand smtp_defer_if_no_mx_address_found
  smtp_log_tls_feature_status@3.11 smtp_never_send_ehlo smtp_per_record_deadline smtp_per_request_deadline@3.7
  smtp_quote_rfc821_envelope smtp_randomize_addresses smtp_sasl_auth_enable smtp_sasl_auth_soft_bounce
  smtp_send_dummy_mail_auth smtp_send_xforward_command smtp_sender_dependent_authentication smtp_skip_5xx_greeting
  smtp_skip_quit_response smtp_tls_block_early_mail_reply smtp_tls_connection_reuse@3.4 smtp_tls_enable_rpk@3.9
  smtp_tls_enforce_peername smtp_tls_enforce_sts_mx_patterns@3.10.5+3.11 smtp_tls_force_insecure_host_tlsa_lookup
  smtp_tls_note_starttls_offer smtp_tls_wrappermode@3.0 smtp_tlsrpt_enable@3.10
  smtp_tlsrpt_skip_reused_handshakes@3.10
smtp text 1..: smtp_address_preference smtp_address_verify_target@3.0 smtp_helo_name smtp_host_lookup smtp_sasl_type
  smtp_tls_ciphers smtp_tls_mandatory_ciphers smtp_tls_secure_cert_match smtp_tls_verify_cert_match
smtp text 1..1: smtp_sasl_password_result_delimiter@3.9
smtp time: smtp_connect_timeout smtp_pix_workaround_threshold_time smtp_sasl_auth_cache_time
smtp time 1..: smtp_connection_cache_time_limit smtp_connection_reuse_time_limit smtp_data_done_timeout
  smtp_data_init_timeout smtp_data_xfer_timeout smtp_helo_timeout smtp_mail_timeout smtp_pix_workaround_delay_time
  smtp_quit_timeout smtp_rcpt_timeout smtp_rset_timeout smtp_starttls_timeout smtp_xforward_timeout
smtp,lmtp switch: allow_srv_lookup_fallback@3.8 ignore_mx_lookup_error ignore_srv_lookup_error@3.8
smtp,lmtp text 1..: connection_cache_service_name
smtp,lmtp time 1..: connection_cache_protocol_timeout
smtp,tlsproxy number: smtp_tls_scert_verifydepth
smtp,tlsproxy switch: smtp_enforce_tls smtp_use_tls
smtp,tlsproxy text 1..: smtp_tls_fingerprint_digest
tls number: tls_trace_rate_limit@3.12
tls number 1..: tls_daemon_random_bytes
tls switch: tls_append_default_CA tls_dane_trust_anchor_digest_enable@2.11-3.3
  tls_fast_shutdown_enable@3.1.14+3.2.11+3.3.6+3.4.7+3.5 tls_legacy_public_key_fingerprints@2.11-3.10
  tls_preempt_cipherlist tls_trust_server_ccerts@3.12 tls_wildcard_matches_multiple_labels
tls text 1..: openssl_path@3.1 tls_dane_digest_agility@2.11-3.3 tls_dane_digests tls_high_cipherlist
  tls_medium_cipherlist tls_null_cipherlist tlsmgr_service_name
tlsproxy number: tlsproxy_client_scert_verifydepth@3.4 tlsproxy_tls_ccert_verifydepth
tlsproxy switch: tlsproxy_client_enforce_tls@3.4 tlsproxy_client_use_tls@3.4 tlsproxy_enforce_tls
  tlsproxy_tls_always_issue_session_ids tlsproxy_tls_ask_ccert tlsproxy_tls_enable_rpk@3.9 tlsproxy_tls_req_ccert
  tlsproxy_use_tls
tlsproxy text 1..: tlsproxy_client_fingerprint_digest@3.4 tlsproxy_tls_ciphers tlsproxy_tls_eecdh_grade
  tlsproxy_tls_fingerprint_digest tlsproxy_tls_mandatory_ciphers
tlsproxy time 10..: tlsproxy_watchdog_timeout
`;
