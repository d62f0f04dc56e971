import type { Arrival } from './arrival.ts';

/** A place of the user's own that mail of ours may come out at. All waiting and looking is done by who asks. */
export interface SinkSource {
  /** What a report may say of it. */
  readonly shown: string;
  /** Its MX leads to the sink. */
  readonly domain: string;
  /** Makes the local part of an address there, which nobody else can make. */
  readonly mint: (about: string) => string;
  /** Where the sink itself listens, where that is not what the MX of `domain` says. */
  readonly at: { readonly address: string; readonly port: number } | null;
  /** What has come by now, by token. Rejects with a plain line. */
  readonly arrivals: () => Promise<ReadonlyMap<string, Arrival>>;
}

/** A message in a mailbox of the user's own, and the size of the field that was made to be too long. */
interface Delivered extends Arrival {
  /** Octets of the first field of each name, in lower case, as `Field.octets` of the reader counts. */
  readonly octets: Readonly<Record<string, number>>;
}

/** A mailbox of the user's own that messages are looked for in; nothing in it is changed. */
export interface InboxSource {
  readonly shown: string;
  /** The message whose `X-Mxprobe-Token` has this token; null where there is none yet. Rejects with a plain line. */
  readonly find: (token: string) => Promise<Delivered | null>;
}
