import type { authAfterTls } from '../probes/auth-after-tls.ts';
import type { authBeforeTls } from '../probes/auth-before-tls.ts';
import type { authRate } from '../probes/auth-rate.ts';
import type { authState } from '../probes/auth-state.ts';
import type { connectionCount } from '../probes/connection-count.ts';
import type { connectionRate } from '../probes/connection-rate.ts';
import type { errorLimit } from '../probes/error-limit.ts';
import type { harvestBrake } from '../probes/harvest-brake.ts';
import type { hello } from '../probes/hello.ts';
import type { heloRequired } from '../probes/helo-required.ts';
import type { junkLimit } from '../probes/junk-limit.ts';
import type { messageRate } from '../probes/message-rate.ts';
import type { messageSize } from '../probes/message-size.ts';
import type { openRelay } from '../probes/open-relay.ts';
import type { rcptOracle } from '../probes/rcpt-oracle.ts';
import type { recipientRate } from '../probes/recipient-rate.ts';
import type { recipientsPerMessage } from '../probes/recipients-per-message.ts';
import type { starttlsWorks } from '../probes/starttls-works.ts';
import type { tlsSessionRate } from '../probes/tls-session-rate.ts';
import type { vrfy } from '../probes/vrfy.ts';
import type { DataOf } from './kit/index.ts';

/**
 * What reports and verifications read of what was seen, by probe id. A scan made it, or the reader of saved reports has
 * checked it.
 */
export interface Observations {
  readonly hello: DataOf<typeof hello>;
  readonly 'starttls-works': DataOf<typeof starttlsWorks>;
  readonly 'open-relay': DataOf<typeof openRelay>;
  readonly 'rcpt-oracle': DataOf<typeof rcptOracle>;
  readonly vrfy: DataOf<typeof vrfy>;
  readonly 'helo-required': DataOf<typeof heloRequired>;
  readonly 'auth-before-tls': DataOf<typeof authBeforeTls>;
  readonly 'auth-after-tls': DataOf<typeof authAfterTls>;
  readonly 'auth-state': DataOf<typeof authState>;
  readonly 'message-size': DataOf<typeof messageSize>;
  readonly 'error-limit': DataOf<typeof errorLimit>;
  readonly 'auth-rate': DataOf<typeof authRate>;
  readonly 'connection-count': DataOf<typeof connectionCount>;
  readonly 'connection-rate': DataOf<typeof connectionRate>;
  readonly 'harvest-brake': DataOf<typeof harvestBrake>;
  readonly 'junk-limit': DataOf<typeof junkLimit>;
  readonly 'message-rate': DataOf<typeof messageRate>;
  readonly 'recipient-rate': DataOf<typeof recipientRate>;
  readonly 'recipients-per-message': DataOf<typeof recipientsPerMessage>;
  readonly 'tls-session-rate': DataOf<typeof tlsSessionRate>;
}

/** The probes that keep a timeline of the events that they counted. */
export const counting = [
  'error-limit',
  'auth-rate',
  'connection-count',
  'connection-rate',
  'harvest-brake',
  'junk-limit',
  'message-rate',
  'recipient-rate',
  'recipients-per-message',
  'tls-session-rate',
] as const satisfies readonly (keyof Observations)[];

/** What a probe saw; undefined where it saw nothing. */
export function observed<Id extends keyof Observations>(
  { observations }: { readonly observations: Readonly<Record<string, unknown>> },
  probe: Id,
): Observations[Id] | undefined {
  return observations[probe] as Observations[Id] | undefined;
}
