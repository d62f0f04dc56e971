/** What the head of a message of ours says. */
export interface Head {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  /** Our name in EHLO. */
  readonly helo: string;
  /** The left part of its Message-ID: a word that nobody else has. */
  readonly id: string;
  readonly at: Date;
}

/** The fields that every message has (RFC 5322 §3.6), and the mark of robots, which none answers (RFC 3834 §5). */
export const messageHead = ({ from, to, subject, helo, id, at }: Head): string[] => [
  `Date: ${at.toUTCString().replace('GMT', '+0000')}`,
  `From: <${from === '' ? `mxprobe@${helo}` : from}>`,
  `To: <${to}>`,
  `Subject: ${subject}`,
  `Message-ID: <${id}@${helo.replace(/[[\]:]/g, '')}>`,
  'Auto-Submitted: auto-generated',
];
