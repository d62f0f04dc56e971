/** How loud and how patient a scan may be. Read by the budget and the wire only; no judge ever sees it. */
export interface Restraint {
  /**
   * Seconds to wait for a connection, a greeting or a reply. RFC 5321 §4.5.3.2 lets servers take minutes; a shorter
   * wait says so.
   */
  readonly replySeconds: number;
  /** Seconds that a whole dialogue on one connection may last: bounds a peer that answers a byte at a time. */
  readonly dialogueSeconds: number;
  /** Seconds for the TLS handshake. */
  readonly handshakeSeconds: number;
  /** Seconds to wait for the answer to QUIT before closing all the same. */
  readonly quitSeconds: number;
  /**
   * Connections open at once to one IP address: stock Exim takes 20 from the whole world, Courier 4 or 5 from one
   * address. Fewer once a server has shown that it takes fewer.
   */
  readonly connectionsPerAddress: number;
  /**
   * Refused senders and recipients in one session: Postfix sleeps a second an error after 10
   * (`smtpd_soft_error_limit`).
   */
  readonly refusalsPerSession: number;
  /** Syntax errors and unknown commands in one session: Exim hangs up after 3 (`smtp_max_synprot_errors`). */
  readonly mistakesPerSession: number;
  /** Commands outside a mail transaction in one session: Exim hangs up after 10 (`smtp_accept_max_nonmail`). */
  readonly nonMailPerSession: number;
  /** Sessions that one probe may open on one endpoint when the server keeps cutting it short. */
  readonly sessionsPerProbe: number;
  /** Connections that all but the `load` probes of one endpoint may make together, whatever the server does. */
  readonly connectionsPerEndpoint: number;
  /**
   * Seconds that all but the `load` probes of one address may take together: a server that takes 20 s a reply would
   * keep them for half an hour.
   */
  readonly addressSeconds: number;
  /** Addresses scanned side by side. */
  readonly addressesAtOnce: number;
  /** Seconds to wait in all for a limiter to let us in again. */
  readonly patienceSeconds: number;
  /**
   * Events that a `load` probe may send to find one limit: enough for any limit that protects a server, few enough for
   * any server to bear. Up to 40 questions whether a limiter lets us in again come on top.
   */
  readonly maxEvents: number;
  /**
   * The longest window that a limiter is expected to have (`anvil_rate_time_unit` is 60 s); one up to twice as long is
   * noticed.
   */
  readonly assumedWindowSeconds: number;
  /** Seconds that one `load` probe may take, waits for windows included. */
  readonly loadProbeSeconds: number;
  /**
   * Seconds that all `load` probes of one endpoint may take together: all limits of a Postfix with its defaults take 25
   * minutes.
   */
  readonly loadSeconds: number;
  /** Connections that all `load` probes of one endpoint may make together. */
  readonly loadConnections: number;
}

export const defaultRestraint: Restraint = {
  replySeconds: 30,
  dialogueSeconds: 300,
  handshakeSeconds: 20,
  quitSeconds: 2,
  connectionsPerAddress: 5,
  refusalsPerSession: 8,
  mistakesPerSession: 2,
  nonMailPerSession: 10,
  sessionsPerProbe: 64,
  connectionsPerEndpoint: 100,
  addressSeconds: 600,
  addressesAtOnce: 32,
  patienceSeconds: 0,
  maxEvents: 120,
  assumedWindowSeconds: 60,
  loadProbeSeconds: 600,
  loadSeconds: 3600,
  loadConnections: 1000,
};
