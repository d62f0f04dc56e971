import type { About, Said } from './meanings.ts';

/**
 * Whom a refusal names: by what stands in `<…>:` or `<…>...` in front (Postfix, Sendmail, Exim), else by Postfix's
 * class words (smtpd_dsn_fix.h). Null where it names none. A sender that is also the recipient is told by the words,
 * else by the stage.
 */
export function objectOf(text: string, said: Said): About | null {
  const sender = bare(said.sender);
  const recipient = bare(said.recipient);
  const both = sender !== undefined && sender === recipient;
  const inFront = both ? null : hasObject(text, recipient) ? 'recipient' : hasObject(text, sender) ? 'sender' : null;
  const byStage = both && hasObject(text, sender) ? (said.stage === 'mail' ? 'sender' : 'recipient') : null;
  return inFront ?? otherInFront(text, said) ?? byWords(text) ?? byStage;
}

function otherInFront(text: string, { helo }: Said): About | null {
  if (hasObject(text, bare(helo))) return 'helo';
  return clientObject.test(text) ? 'client' : null;
}

function byWords(text: string): About | null {
  const groups = classWords.exec(text)?.groups ?? {};
  const named = (['client', 'helo', 'sender', 'recipient'] as const).find((name) => groups[name] !== undefined);
  if (named !== undefined) return named;
  const domain = domainWords.exec(text)?.[1]?.toLowerCase();
  return domain === undefined ? null : domain === 'sender' ? 'sender' : 'recipient';
}

/** An address as it stands between `<` and `>`, in small letters. */
export function bare(value: string | undefined): string | undefined {
  return value
    ?.trim()
    .replace(/^<(.*)>$/, '$1')
    .toLowerCase();
}

/** `<value>:` as Postfix and Exim write it, `<value>...` as Sendmail does. */
function hasObject(text: string, value: string | undefined): boolean {
  if (value === undefined) return false;
  const start = text.slice(0, value.length + 5).toLowerCase();
  return start.startsWith(`<${value}>:`) || start.startsWith(`<${value}>...`);
}

/** `<name[ip]>:`, Postfix's way to name a client; a HELO literal has no name, an address has an `@`. */
const clientObject = /^<[^<>@[\]]{1,255}\[[\da-f.:]{2,64}\](:\d{1,5})?>:/i;

const classWords =
  /\b(?:(?<client>client host|client certificate|sasl login name)|(?<helo>helo command)|(?<sender>sender address)|(?<recipient>recipient address))(?= rejected:| \[)/i;

/** chkuser, of qmail. */
const domainWords = /valid mx for (sender|rcpt) domain/i;
