/** What a limit counts, by probe. */
const counts: Readonly<Record<string, string>> = {
  'message-rate': 'MAIL commands',
  'recipient-rate': 'recipients',
  'auth-rate': 'AUTH commands',
  'tls-session-rate': 'TLS handshakes',
  'connection-rate': 'connections',
  'connection-count': 'connections at once',
  'error-limit': 'errors in a session',
  'junk-limit': 'commands to no purpose in a session',
  'recipients-per-message': 'recipients in a message',
  'harvest-brake': 'unknown recipients in a session',
  'idle-timeout': 'seconds of silence',
  'command-deadline': 'seconds for one command',
  'message-size': 'octets in a message',
};

export const countedBy = (probe: string): string => (Object.hasOwn(counts, probe) ? counts[probe] : null) ?? 'events';
