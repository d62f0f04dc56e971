import { type ReplyRule, recipientStages } from './rule.ts';

/** Whom the server refuses: a client on a block list, a domain, the client, its name, the sender. */
export const whomRules: readonly ReplyRule[] = [
  // Block lists. Their texts love to speak of relays, so they come before the refusal to relay.
  {
    meaning: 'sender-rejected',
    text: /sender address \[[^\]]{0,400}\] blocked using/i,
    from: 'Postfix reject_rhsbl_sender',
  },
  { meaning: 'helo-rejected', text: /helo command \[[^\]]{0,400}\] blocked using/i, from: 'Postfix reject_rhsbl_helo' },
  {
    meaning: 'our-domain',
    text: /recipient address \[[^\]]{0,400}\] blocked using/i,
    from: 'Postfix reject_rhsbl_recipient',
  },
  { meaning: 'client-blocked', text: /blocked using|banned sending ip|\bopen relay\b/i, from: 'Postfix, Exchange' },
  { meaning: 'open-proxy', text: /\bopen prox(y|ies)\b/i, from: 'Sendmail, block lists' },

  // A domain of ours.
  { meaning: 'our-domain', text: /null ?mx/i, from: 'Postfix' },
  {
    meaning: 'our-domain',
    text: /(domain not found|malformed dns server reply)/i,
    about: ['sender', 'recipient'],
    from: 'Postfix reject_unknown_sender_domain, reject_unknown_recipient_domain',
  },
  {
    meaning: 'our-domain',
    text: /domain of sender address|valid mx for (sender|rcpt|recipient) domain/i,
    from: 'Sendmail, chkuser',
  },
  { meaning: 'our-domain', text: /^(domain does not exist|dns lookup failure)/i, from: 'Courier' },
  {
    meaning: 'our-domain',
    text: /\bhost unknown\b|\bunknown (host|domain)\b|\bno such (host|domain)\b|\bdomain (is )?(unknown|not found|unrouteable)|\bdomain\b.{0,60}\b(does(n't| not) exist|cannot be resolved|has no mx)|could ?n['o]t find any host/i,
    stages: recipientStages,
    about: ['recipient', 'unsaid'],
    from: 'Sendmail, Exim, Stalwart, others',
  },

  // Greylisting may speak through any object. It passes, the others do not.
  { meaning: 'greylisted', text: /gr[ea]y-?list/i, code: /^4/, from: 'postgrey, milter-greylist, greylistd' },

  { meaning: 'client-blocked', about: ['client'], from: 'Postfix class words' },
  { meaning: 'helo-rejected', about: ['helo'], from: 'Postfix class words' },
  { meaning: 'sender-rejected', about: ['sender'], from: 'Postfix class words; Sendmail, Exim object' },
  {
    meaning: 'sender-rejected',
    text: /sender (address |domain )?(rejected|refused|denied|not allowed|not accepted|verify failed)|sender <> denied|verification failed for <>|badmailfrom|domain name required|not logged in|not owned by (auth )?user|(bad|invalid) sender|non-local sender|sender address (syntax error|must contain|has invalid)|send as this sender|must equal authorized user/i,
    from: 'Postfix, Exim, Sendmail, OpenSMTPD, Courier, Haraka, qmail, Stalwart, maddy, Exchange, Yandex, 163',
  },
  { meaning: 'sender-rejected', text: /\b(spf|dkim|dmarc)\b|unauthenticated email/i, from: 'policyd-spf, Gmail' },
  {
    meaning: 'helo-rejected',
    text: /bogus helo|\b(helo|ehlo) (argument|denied|requires|hostname)|invalid (helo|ehlo)|lookup on helo|helo domain is listed|rfc 1035 violation|helo does not match|host name specified in helo/i,
    from: 'Postfix, Exim, Sendmail, Courier, Haraka, Stalwart, hMailServer',
  },
  {
    meaning: 'helo-rejected',
    text: /invalid domain( name)?\.?$/i,
    stages: ['helo', 'mail'],
    from: 'Sendmail, Exchange, OpenSMTPD',
  },
  {
    meaning: 'client-blocked',
    text: /(?<!not )\blisted (at|in|on|by)\b|black ?list|block ?list|\bdnsbls?\b|\brbls?\b|spamhaus|spamcop|not in whitelist|mail is not welcome|not accepting (messages|connections)|not authorized to send email directly|(poor|bad|low) reputation|rdns lookup failed|^connection from you denied/i,
    from: 'Exim, Sendmail, Haraka, qpsmtpd, Gmail, DNSBL texts',
  },
  { meaning: 'client-blocked', text: /access denied for/i, code: /^503$/, from: 'Postfix, after a refused greeting' },
  // postscreen's stand-in engine names no object. Its 4xx invites to come again, and then the real server answers.
  {
    meaning: 'greylisted',
    text: /^service currently unavailable$/i,
    code: /^4/,
    about: ['unsaid'],
    from: 'postscreen, deep tests',
  },
  {
    meaning: 'client-blocked',
    text: /^(service currently unavailable|protocol error)$/i,
    about: ['unsaid'],
    from: 'postscreen, deny list and pregreet',
  },
];
