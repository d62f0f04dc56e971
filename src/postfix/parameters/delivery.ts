/** What the programs between the queue and a mailbox read. See `../parameters.ts`. */
export const deliveryReads = `
anvil time 1..: anvil_rate_time_unit anvil_status_update_time
bounce number 1..: bounce_size_limit
bounce switch: enable_threaded_bounces@3.6 requiretls_redact_dsn@3.11
bounce text 1..: 2bounce_notice_recipient delay_notice_recipient
bounce,cleanup time: delay_warning_time
bounce,qmgr time ..8640000: maximal_queue_lifetime
cleanup number: body_checks_size_limit
cleanup number 1..: hopcount_limit queue_file_attribute_count_limit virtual_alias_address_length_limit@3.0
  virtual_alias_expansion_limit virtual_alias_recursion_limit
cleanup switch: always_add_missing_headers cleanup_replace_stray_cr_lf@3.5.24+3.6.14+3.7.10+3.8.5+3.9
  detect_8bit_encoding_header force_mime_input_conversion@3.9
cleanup text 1..: canonical_classes full_name_encoding_charset@3.10 non_empty_end_of_header_action@3.11
  recipient_canonical_classes sender_canonical_classes
cleanup,local,showq number: duplicate_filter_limit
cleanup,qmgr switch: disable_verp_bounces
cleanup,showq,trivial-rewrite text 1..: empty_address_recipient
dnsblog time: dnsblog_reply_delay
flush time 1..: fast_flush_purge_time fast_flush_refresh_time
local size: mailbox_size_limit
local switch: biff expand_owner_alias frozen_delivered_to require_home_directory reset_owner_alias
  sun_mailtool_compatibility
local text 1..: command_expansion_filter execution_directory_expansion_filter forward_expansion_filter
  mailbox_delivery_lock
local,pipe,spawn time 1..: command_time_limit
local,virtual switch: strict_mailbox_ownership
postlogd time 10..: postlogd_watchdog_timeout@3.4
qmgr number: default_delivery_slot_cost default_delivery_slot_loan default_destination_concurrency_failed_cohort_limit
  default_destination_concurrency_limit default_destination_recipient_limit default_extra_recipient_limit
  default_minimum_delivery_slots default_recipient_limit
qmgr number ..100: default_delivery_slot_discount
qmgr number 1..: address_verify_pending_request_limit@3.1 default_recipient_refill_limit
  initial_destination_concurrency qmgr_message_active_limit qmgr_message_recipient_limit
  qmgr_message_recipient_minimum
qmgr switch: confirm_delay_cleared@3.0 destination_concurrency_feedback_debug
qmgr text 1..: default_destination_concurrency_negative_feedback default_destination_concurrency_positive_feedback
qmgr time: default_destination_rate_delay default_transport_rate_delay@3.1 qmgr_clog_warn_time
qmgr time ..8640000: bounce_queue_lifetime
qmgr time 1..: default_recipient_refill_delay maximal_backoff_time qmgr_daemon_timeout qmgr_ipc_timeout
  transport_retry_time
qmqpd switch: qmqpd_client_port_logging
qmqpd time: qmqpd_error_delay
qmqpd time 1..: qmqpd_timeout
scache time 1..: connection_cache_status_update_time connection_cache_ttl_limit
tlsmgr number 1..: tls_random_bytes
tlsmgr time ..8640000: lmtp_tls_session_cache_timeout smtp_tls_session_cache_timeout smtpd_tls_session_cache_timeout
tlsmgr time 1..: tls_random_prng_update_period tls_random_reseed_period
trivial-rewrite switch: allow_min_user allow_percent_hack append_at_myorigin append_dot_mydomain
  relocated_prefix_enable@3.11 resolve_dequoted_address resolve_null_domain resolve_numeric_domain swap_bangpath
trivial-rewrite text 1..: address_verify_default_transport address_verify_local_transport
  address_verify_relay_transport address_verify_virtual_transport default_transport
  empty_address_default_transport_maps_lookup_key empty_address_relayhost_maps_lookup_key local_transport
  relay_transport virtual_transport
verify time: address_verify_cache_cleanup_interval
verify time 1..: address_verify_negative_expire_time address_verify_negative_refresh_time
  address_verify_positive_expire_time address_verify_positive_refresh_time
virtual number 1..: virtual_minimum_uid
virtual size: virtual_mailbox_limit
virtual text 1..: virtual_mailbox_base virtual_mailbox_lock
`;
