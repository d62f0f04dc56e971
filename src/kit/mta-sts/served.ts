import type { Fetched } from '../../model/lookup.ts';
import type { Cause, Doubt } from '../../model/trouble.ts';
import { readPolicy, type StsPolicy } from './policy.ts';

/** What a sender finds where the policy should be. */
export type Served =
  | {
      readonly kind: 'policy';
      readonly policy: StsPolicy;
      /** Null where it comes as text/plain. */
      readonly wrongType: string | null;
    }
  /** Nothing to go by, and that is the domain's doing. */
  | { readonly kind: 'none'; readonly says: string; readonly headline: string }
  | ({ readonly kind: 'untold'; readonly because: string } & Untold);

interface Untold {
  readonly doubt: Doubt;
  readonly cause?: Cause;
}

/** Reads what was fetched, by RFC 8461 §3.3. */
export function servedBy(fetched: Fetched): Served {
  if (fetched.kind === 'failed') return ofFailure(fetched);
  const { status, contentType, location, body } = fetched;
  if (status >= 300 && status < 400) {
    const where = location === null ? '' : ` to ${location}`;
    return none(
      `the policy is redirected (${status}${where}), and senders follow no redirect`,
      cannotFetch('it is redirected'),
    );
  }
  if (status !== 200) return none(`the policy host answers with ${status}`, cannotFetch(`its host says ${status}`));
  const wrongType = /^text\/plain[ \t]*(;|$)/i.test(contentType ?? '') ? null : (contentType ?? 'no type at all');
  const read = readPolicy(body);
  if (read.kind === 'policy') return { kind: 'policy', policy: read.policy, wrongType };
  const what = /^text\/html/i.test(contentType ?? '') ? 'a web page is served in its place: it' : 'the policy';
  return none(`${what} ${read.why}`, 'Its MTA-STS policy is none that a sender could read');
}

const none = (says: string, headline: string): Served => ({ kind: 'none', says, headline });
const cannotFetch = (why: string): string => `Senders cannot fetch its MTA-STS policy: ${why}`;

type Failed = Extract<Fetched, { kind: 'failed' }>;

function ofFailure({ why, because }: Failed): Served {
  const untold = untoldBy[why];
  if (untold !== undefined)
    return { kind: 'untold', ...untold, because: `the policy could not be fetched: ${because}` };
  return none(`the policy cannot be fetched: ${because}`, cannotFetch(inShort[why] ?? 'its host is not right'));
}

/** What may be the doing of a network, or of a bound of ours that senders need not share. */
const untoldBy: Readonly<Partial<Record<Failed['why'], Untold>>> = {
  unreachable: { doubt: 'unreachable' },
  'dns-failed': { doubt: 'dns-failed' },
  late: { doubt: 'timeout', cause: 'slow-file' },
};

const inShort: Readonly<Partial<Record<Failed['why'], string>>> = {
  certificate: 'the certificate of its host is wrong',
  private: 'its host has a private address',
  'no-address': 'its host has no address',
  broken: 'its host speaks no HTTPS that holds',
  'too-large': 'it is too large',
};
