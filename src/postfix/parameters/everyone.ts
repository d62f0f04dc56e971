/** What every program of Postfix reads when it starts. See `../parameters.ts`. */
export const everyoneReads = `
all number: dont_remove fault_injection_code tcp_windowsize
all number ..6: delay_logging_resolution_limit
all number 1..: berkeley_db_create_buffer_size berkeley_db_read_buffer_size debug_peer_level default_process_limit
  deliver_lock_attempts fork_attempts hash_queue_depth header_address_token_limit header_size_limit max_use
  mime_boundary_length_limit mime_nesting_limit socketmap_max_query_size@3.12 socketmap_max_reply_size@3.10
all number 512..: line_length_limit
all size: message_size_limit
all size 1..: lmdb_map_size
all switch: address_verify_negative_cache backwards_bounce_logfile_compatibility daemon_table_open_error_is_fatal
  disable_dns_lookups disable_mime_input_processing disable_mime_output_conversion dns_ncache_ttl_fix_enable@3.1
  enable_idna2003_compatibility@3.2 enable_long_queue_ids enable_original_recipient helpful_warnings
  multi_instance_enable non_bdb_migration_log_redirect@3.11 owner_request_special requiretls_enable@3.11
  respectful_logging@3.6 send_cyrus_sasl_authzid smtputf8_enable@3.0 soft_bounce strict_7bit_headers strict_8bitmime
  strict_8bitmime_body strict_mime_encoding_domain strict_smtputf8@3.0 tls_required_enable@3.10
all text 1..: address_verify_service_name bounce_service_name cleanup_service_name command_directory daemon_directory
  data_directory default_cache_db_type@3.11 default_database_type default_privs defer_service_name
  double_bounce_sender error_service_name flush_service_name hash_queue_names html_directory
  info_log_address_format@3.5 mail_name mail_owner mail_release_date mail_version maillog_file_compressor@3.4
  maillog_file_permissions@3.9 maillog_file_prefixes@3.4 maillog_file_rotate_suffix@3.4 mailq_path manpage_directory
  meta_directory@3.0 mydomain myhostname mynetworks_style myorigin newaliases_path non_bdb_migration_level@3.11
  pickup_service_name postlog_service_name@3.4 process_id_directory proxymap_service_name proxywrite_service_name
  queue_directory queue_service_name readme_directory rewrite_service_name sample_directory sendmail_path setgid_group
  shlib_directory@3.0 showq_service_name smtputf8_autodetect_classes@3.0 syslog_facility syslog_name
  trace_service_name verp_delimiter_filter
all text 2..2: default_verp_delimiters
all time ..10: in_flow_delay
all time 1..: application_event_drain_time daemon_timeout deliver_lock_delay fork_delay ipc_idle ipc_timeout ipc_ttl
  max_idle service_throttle_time stale_lock_time trigger_timeout
`;
