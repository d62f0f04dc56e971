/** One MX record; `exchange` as DNS gave it, empty for the root (RFC 7505). */
export interface Mx {
  readonly preference: number;
  readonly exchange: string;
}

/**
 * What came of a question to DNS. A failure is an answer of its own and never means "there is none" (RFC 5321 §5.1).
 * `code` is Node's, such as `ENODATA`; null where the answer came without an error.
 */
export type Answer<T> =
  | { readonly kind: 'found'; readonly records: readonly [T, ...T[]] }
  /** The name has nothing of this type; whether it exists at all may not be known. */
  | { readonly kind: 'no-data'; readonly code: string | null }
  /** NXDOMAIN. */
  | { readonly kind: 'no-name'; readonly code: string | null }
  | Failure;

export interface Failure {
  readonly kind: 'failed';
  readonly code: string;
  /** Half a sentence that names the code: `no answer within 5 s (ETIMEOUT)`. */
  readonly because: string;
}

/** No records are no data: Node gives an empty list for an alias whose target the server did not add. */
export function answerOf<T>(records: readonly T[]): Answer<T> {
  const [first, ...more] = records;
  return first === undefined ? { kind: 'no-data', code: null } : { kind: 'found', records: [first, ...more] };
}

/** The answer in an error of `node:dns`; `seconds` is what the question was given. */
export function answerOfError(error: unknown, seconds: number): Answer<never> {
  const code = codeOf(error);
  if (code === 'ENODATA') return { kind: 'no-data', code };
  if (code === 'ENOTFOUND') return { kind: 'no-name', code };
  const meaning = code === timedOut ? `no answer within ${seconds} s` : (meanings[code] ?? 'the question failed');
  return { kind: 'failed', code, because: `${meaning} (${code})` };
}

export const timedOut = 'ETIMEOUT';

const meanings: Readonly<Record<string, string>> = {
  ESERVFAIL: 'the server answered SERVFAIL',
  EREFUSED: 'the server answered REFUSED',
  ENOTIMP: 'the server answered NOTIMP',
  EFORMERR: 'the server answered FORMERR',
  EBADRESP: 'the answer could not be read',
  ECONNREFUSED: 'no DNS server listens there',
  EAI_AGAIN: 'the name service failed for now',
};

/** Cancelled is what our own clock makes of a question. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return code === 'ECANCELLED' ? timedOut : code;
}
