/** Octets that some servers take for the end of a message, which is CRLF . CRLF alone (RFC 5321 §4.1.1.4). */
export interface Variant {
  /** As people write it; contract with saved reports. */
  readonly name: string;
  readonly octets: string;
  /**
   * Whether a sender that keeps to RFC 5321 lets it through: it sees no line that begins with a dot, and doubles none
   * (§4.5.2). The others can be sent only by who means to: nothing is smuggled in through a relay with them.
   */
  readonly isReachable: boolean;
}

/** RFC 5321 §2.3.8: CR and LF stand only together, and end a line only together. */
export const variants: readonly Variant[] = [
  { name: 'LF.LF', octets: '\n.\n', isReachable: true },
  { name: 'LF.CRLF', octets: '\n.\r\n', isReachable: true },
  { name: 'LF.CR', octets: '\n.\r', isReachable: true },
  { name: 'CR.CRLF', octets: '\r.\r\n', isReachable: true },
  { name: 'CR.LF', octets: '\r.\n', isReachable: true },
  { name: 'CR.CR', octets: '\r.\r', isReachable: true },
  { name: 'CRLF NUL.CRLF', octets: '\r\n\0.\r\n', isReachable: true },
  { name: 'CRLF.LF', octets: '\r\n.\n', isReachable: false },
  { name: 'CRLF.CR', octets: '\r\n.\r', isReachable: false },
  { name: 'CRLF.CRCRLF', octets: '\r\n.\r\r\n', isReachable: false },
  { name: 'CRLF.NUL CRLF', octets: '\r\n.\0\r\n', isReachable: false },
];

/** A line end that is none, and no dot: it ends no message anywhere. */
export const inBody: Variant = { name: 'LF in a body', octets: '\nsecond line', isReachable: false };
