import type { DefaultTable } from './table.ts';

/** Postfix's defaults for AUTH. */
export const saslDefaults: DefaultTable = {
  broken_sasl_auth_clients: 'no',
  cyrus_sasl_config_path: '',
  smtpd_sasl_auth_enable: 'no',
  smtpd_sasl_authenticated_header: 'no',
  smtpd_sasl_exceptions_networks: '',
  smtpd_sasl_local_domain: '',
  smtpd_sasl_mechanism_filter: [['3.6', '!external, static:rest']],
  smtpd_sasl_path: 'smtpd',
  smtpd_sasl_response_limit: [['3.4', '12288']],
  smtpd_sasl_security_options: 'noanonymous',
  smtpd_sasl_service: 'smtp',
  smtpd_sasl_tls_security_options: '$smtpd_sasl_security_options',
  smtpd_sasl_type: 'cyrus',
};
