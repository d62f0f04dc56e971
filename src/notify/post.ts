import { codeOf, connectionWords } from '../model/connection-words.ts';
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
const patience = 10_000;
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
    if (!answer.ok) throw new Refused(answer.status, await beginningOf(answer));
    await answer.body?.cancel();
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
