/** The code that a failed `fetch` has, or the error below it; empty where it has none. */
export function codeOf(error: unknown): string {
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
