/** One MX record; `exchange` in lower case without the root's dot, empty for the root itself (RFC 7505). */
export interface Mx {
  readonly preference: number;
  readonly exchange: string;
}

/** What came of a question. A failure is an answer of its own and never means "there is none" (RFC 5321 §5.1). */
export type Answer<T> =
  | { readonly kind: 'found'; readonly records: readonly [T, ...T[]] }
  /** The name has nothing of this type; whether it exists at all may not be known. */
  | { readonly kind: 'no-data' }
  /** NXDOMAIN. */
  | { readonly kind: 'no-name' }
  | Failure;

export interface Failure {
  readonly kind: 'failed';
  /** Half a sentence: `no answer within 5 s`. */
  readonly because: string;
}

export function answerOf<T>(records: readonly T[]): Answer<T> {
  const [first, ...more] = records;
  return first === undefined ? { kind: 'no-data' } : { kind: 'found', records: [first, ...more] };
}
