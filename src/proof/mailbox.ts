/** A message in a mailbox of the user's own. */
export interface FoundMail {
  /** The header as it is stored, octets as latin1, up to and with the empty line. */
  readonly header: string;
  /** The beginning of the body, octets as latin1, at most 4,096. */
  readonly body: string;
  /** When the mailbox had it. */
  readonly at: Date;
}

/** A mailbox of the user's own that messages of ours are looked for in. Nothing in it is changed. */
export interface Mailbox extends AsyncDisposable {
  /** The message whose `X-Mxprobe-Token` field has this token; null where there is none yet. Rejects with a line. */
  find(token: string): Promise<FoundMail | null>;
}
