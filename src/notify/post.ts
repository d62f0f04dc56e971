import type { NotifyParts } from './parts.ts';
import type { Address } from './secret-text.ts';
import { answerOf } from './unsaid.ts';

export interface Request {
  readonly to: Address;
  readonly method?: 'POST' | 'PUT';
  readonly body: string;
  /** Told to receivers that drop what they have by it (Idempotency-Key). */
  readonly id: string;
  /** For `Authorization: Bearer`. */
  readonly token?: string | null;
  /** What the body says that nobody else may read. */
  readonly secrets?: readonly string[];
}

/** How long a server has to take a message, in milliseconds. */
export const patience = 10_000;
/** How much of an answer is read, in octets: enough for a reason. */
const mostRead = 4096;

/**
 * Hands JSON to a server. Follows no redirect: it would take the message, and the token, to a place that nobody named.
 * Rejects unless the answer is 2xx, with a reason that has no secret in it.
 */
export async function post(
  request: Request,
  { fetch }: Pick<NotifyParts, 'fetch'>,
  signal: AbortSignal,
): Promise<void> {
  const { to, method = 'POST', body, id, token = null } = request;
  const headers = {
    'Content-Type': 'application/json',
    'Idempotency-Key': id.replace(/[^\x21-\x7e]/g, '-'),
    'User-Agent': 'mxprobe',
    ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
  };
  const late = AbortSignal.timeout(patience);
  const both = AbortSignal.any([signal, late]);
  try {
    const answer = await fetch(to.url, { method, headers, body, redirect: 'manual', signal: both });
    const said = await beginningOf(answer);
    if (!answer.ok) throw new Refused(answer.status, said);
  } catch (error) {
    throw new Error(`${to.shown} ${whyNot(error, { late, signal }, request)}`);
  }
}

class Refused extends Error {
  readonly status: number;
  readonly said: string;
  constructor(status: number, said: string) {
    super('refused');
    this.status = status;
    this.said = said;
  }
}

async function beginningOf({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body ?? []) {
    pieces.push(piece);
    size += piece.length;
    if (size >= mostRead) break;
  }
  return Buffer.concat(pieces).subarray(0, mostRead).toString('utf8');
}

interface Signals {
  readonly late: AbortSignal;
  readonly signal: AbortSignal;
}

/** The rest of a sentence that begins with the server. A library's words may hold what it was given: its code tells. */
function whyNot(error: unknown, { late, signal }: Signals, { to, token, secrets = [] }: Request): string {
  if (error instanceof Refused) {
    const { status, said } = error;
    if (status >= 300 && status < 400) return `answered ${status}, a redirect: none is followed`;
    return `answered ${status}${answerOf(said, [...to.secrets, token ?? '', ...secrets])}`;
  }
  if (signal.aborted) return 'was not asked to the end: it was stopped';
  if (late.aborted) return `did not answer within ${patience / 1000} s`;
  return connectionWords(codeOf(error));
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } };
  const found = cause?.code ?? code;
  return typeof found === 'string' ? found : '';
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses the connection',
  ECONNRESET: 'broke the connection',
  UND_ERR_SOCKET: 'broke the connection',
  ENOTFOUND: 'is a name that leads nowhere',
  EAI_AGAIN: 'is a name that nobody can look up now',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  ETIMEDOUT: 'cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: 'cannot be reached',
  CERT_HAS_EXPIRED: 'has a certificate that has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a certificate for other names',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a certificate that nobody trusted has signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a certificate that nobody trusted has signed',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'has a certificate that nobody trusted has signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a certificate that nobody trusted has signed',
};

/** What a code of the network means, as the rest of a sentence. */
export const connectionWords = (code: string): string =>
  words[code] ?? `could not be asked${code === '' ? '' : ` (${code})`}`;
