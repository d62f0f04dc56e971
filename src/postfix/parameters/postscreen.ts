/** What postscreen(8) reads. See `../parameters.ts`. */
export const postscreenReads = `
postscreen number: postscreen_client_connection_count_limit postscreen_dnsbl_allowlist_threshold@3.6
  postscreen_dnsbl_threshold postscreen_dnsbl_whitelist_threshold postscreen_tls_ccert_verifydepth@3.12
  postscreen_tls_trace_size_limit@3.12
postscreen number 1..: postscreen_command_count_limit
postscreen number 10..: postscreen_pre_queue_limit
postscreen number 5..: postscreen_post_queue_limit
postscreen switch: postscreen_bare_newline_enable postscreen_disable_vrfy_command postscreen_enforce_tls
  postscreen_helo_required postscreen_non_smtp_command_enable postscreen_pipelining_enable
  postscreen_tls_always_issue_session_ids@3.12 postscreen_tls_ask_ccert@3.12 postscreen_tls_enable_rpk@3.12
  postscreen_tls_req_ccert@3.12 postscreen_use_tls
postscreen text 1..: dnsblog_service_name postscreen_bare_newline_action postscreen_blacklist_action
  postscreen_denylist_action@3.6 postscreen_dnsbl_action postscreen_expansion_filter postscreen_greet_action
  postscreen_non_smtp_command_action postscreen_pipelining_action postscreen_tls_ciphers@3.12
  postscreen_tls_eecdh_grade@3.12 postscreen_tls_fingerprint_digest@3.12 postscreen_tls_mandatory_ciphers@3.12
  smtpd_service_name
postscreen time: postscreen_cache_cleanup_interval
postscreen time 1..: postscreen_bare_newline_ttl postscreen_cache_retention_time postscreen_command_time_limit
  postscreen_dnsbl_max_ttl@3.1 postscreen_dnsbl_min_ttl@3.1 postscreen_dnsbl_timeout@3.0 postscreen_dnsbl_ttl
  postscreen_greet_ttl postscreen_greet_wait postscreen_non_smtp_command_ttl postscreen_pipelining_ttl
  postscreen_starttls_timeout@3.12 postscreen_upstream_proxy_timeout
postscreen time 10..: postscreen_watchdog_timeout
`;
