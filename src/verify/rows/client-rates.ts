import { compareLimit, type LimitWords } from '../compare-limit.ts';
import { defineRow, type RowDefinition } from '../row.ts';

const rate = (directive: string, probe: string, events: string): RowDefinition & { readonly words: LimitWords } => {
  const words = { probe, events, tried: 'tried', exceptions: 'smtpd_client_event_limit_exceptions' } as const;
  return {
    words,
    ...defineRow({ directive, probes: [probe], compare: (value, context) => compareLimit(value, context, words) }),
  };
};

/** Limits on what one client may do in a window; smtpd asks anvil for each. */
export const clientRates = [
  rate('smtpd_client_connection_rate_limit', 'connection-rate', 'connections'),
  rate('smtpd_client_message_rate_limit', 'message-rate', 'messages'),
  rate('smtpd_client_recipient_rate_limit', 'recipient-rate', 'recipients'),
  rate('smtpd_client_auth_rate_limit', 'auth-rate', 'AUTH commands'),
  rate('smtpd_client_new_tls_session_rate_limit', 'tls-session-rate', 'TLS handshakes'),
] as const;
