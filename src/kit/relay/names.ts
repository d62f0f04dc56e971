/** The names that the forms are made of. */
export interface RelayNames {
  /** An address outside. */
  readonly sender: string;
  /** The sender that the server has taken, with which recipient forms are asked: the one above, or none (`<>`). */
  readonly taken: string;
  /** The recipient outside. */
  readonly external: string;
  /** Other recipients outside that were taken once: the server may relay for some domains. */
  readonly elsewhere: readonly string[];
  /** A domain of the server's own. */
  readonly domain: string | null;
  /** The name that it gives itself. */
  readonly server: string | null;
  /** Its address as a literal, `[192.0.2.1]`. */
  readonly literal: string;
  /** Our HELO name, and the one to use as the server's own. */
  readonly helo: { readonly ours: string; readonly theirs: string };
}
