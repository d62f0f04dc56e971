import type { DataOf } from '../src/kit/index.ts';
import type { authAfterTls } from './auth-after-tls.ts';
import type { authBeforeTls } from './auth-before-tls.ts';
import type { authState } from './auth-state.ts';
import type { errorLimit } from './error-limit.ts';
import type { hello } from './hello.ts';
import type { messageSize } from './message-size.ts';
import type { openRelay } from './open-relay.ts';
import type { rcptOracle } from './rcpt-oracle.ts';
import type { starttlsWorks } from './starttls-works.ts';
import type { vrfy } from './vrfy.ts';

/** What reports and verifications read of what was seen, by probe id. A scan made it, or the reader of saved reports has checked it. */
export interface Observations {
  readonly hello: DataOf<typeof hello>;
  readonly 'starttls-works': DataOf<typeof starttlsWorks>;
  readonly 'open-relay': DataOf<typeof openRelay>;
  readonly 'rcpt-oracle': DataOf<typeof rcptOracle>;
  readonly vrfy: DataOf<typeof vrfy>;
  readonly 'auth-before-tls': DataOf<typeof authBeforeTls>;
  readonly 'auth-after-tls': DataOf<typeof authAfterTls>;
  readonly 'auth-state': DataOf<typeof authState>;
  readonly 'message-size': DataOf<typeof messageSize>;
  readonly 'error-limit': DataOf<typeof errorLimit>;
}

/** What a probe saw; undefined where it saw nothing. */
export function observed<Id extends keyof Observations>(
  { observations }: { readonly observations: Readonly<Record<string, unknown>> },
  probe: Id,
): Observations[Id] | undefined {
  return observations[probe] as Observations[Id] | undefined;
}
