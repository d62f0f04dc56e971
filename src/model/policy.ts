import type { Severity } from './judgement.ts';

/** What is right. Read by judges only; nothing in it changes what is sent. */
export interface Policy {
  readonly name: string;
  /** Severities that differ from those of the catalogue, by probe id. */
  readonly severities: Readonly<Record<string, Severity>>;
  /** The most that a limit may allow before it is as good as none, by probe id. Rates are per minute, whatever the server's window. */
  readonly ceilings: Readonly<Record<string, number>>;
}

/**
 * The Postfix documentation gives no numbers for rates and says what they are for: to keep one client from taking all (TUNING_README,
 * "Measures against clients that make too many connections"). Hardening guides set 10 to 60 a minute for a host that few others send to in
 * bulk. The ceilings stand at about twice that, where a limit still does what it is for.
 */
export const defaultCeilings: Policy['ceilings'] = {
  // A sender with a queue opens one connection a second at most; guides say 10 to 60 a minute.
  'connection-rate': 100,
  // Postfix's own default: half of the 100 processes of a service.
  'connection-count': 50,
  // Guides say 30 to 60 a minute.
  'message-rate': 100,
  // A message to a list goes to some 100 recipients (RFC 5321 §4.5.3.1.8 wants that many taken).
  'recipient-rate': 200,
  // A person logs in a few times a minute, a mail program with all its folders some ten times.
  'auth-rate': 30,
  // One a connection; the Postfix documentation wants it no lower than the concurrency limit.
  'tls-session-rate': 100,
};

export const defaultPolicy: Policy = { name: 'default', severities: {}, ceilings: defaultCeilings };
