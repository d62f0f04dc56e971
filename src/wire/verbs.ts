/** What is known of a command, apart from what it asks. */
export interface Verb {
  /** It may only stand last in a group of commands (RFC 2920 §3.1). */
  readonly isLast: boolean;
  /**
   * Servers count it as a command to no purpose: Postfix as junk (`smtpd_junk_command_limit`), Exim as non-mail
   * (`smtp_accept_max_nonmail`).
   */
  readonly isNonMail: boolean;
  /**
   * What a refusal of it is: an answer to a fair question, or a mistake of ours, of which servers stand few. `by code`:
   * 500 to 504 speak of a mistake (RFC 5321 §4.2.2), all others of a refusal.
   */
  readonly refusal: 'answer' | 'mistake' | 'by code';
  /** It changes nothing that STARTTLS behind it would trip over: Courier takes STARTTLS at the beginning only. */
  readonly isOpening: boolean;
}

const usual: Verb = { isLast: false, isNonMail: true, refusal: 'mistake', isOpening: false };
const mail: Verb = { ...usual, isNonMail: false, refusal: 'by code' };
const question: Verb = { ...usual, isLast: true, refusal: 'by code' };
const opening: Verb = { ...usual, isLast: true, isOpening: true };

/** By verb. `*` ends AUTH (RFC 4954 §4): its 501 is no mistake. */
const verbs: Readonly<Record<string, Verb>> = {
  MAIL: mail,
  RCPT: mail,
  DATA: { ...mail, isLast: true, refusal: 'mistake' },
  BDAT: { ...mail, refusal: 'mistake' },
  RSET: usual,
  VRFY: question,
  EXPN: question,
  AUTH: question,
  '*': { ...mail, isLast: true, refusal: 'answer' },
  NOOP: { ...usual, isLast: true },
  QUIT: { ...usual, isLast: true, isNonMail: false },
  EHLO: opening,
  HELO: opening,
  STARTTLS: opening,
};

const unknown: Verb = { ...usual, isLast: true };

/** The word that a command begins with, in capitals. */
export function verbOf(command: string): string {
  return /^[^\s:]*/.exec(command)?.[0].toUpperCase() ?? '';
}

/** What the table says of it; a word that is no verb counts as an unknown command. */
export function aboutVerb(verb: string): Verb {
  return Object.hasOwn(verbs, verb) ? (verbs[verb] ?? unknown) : unknown;
}
