import { type ReplyRule, recipientIfAny, recipientStages, relayStages } from './rule.ts';
import { plainTroubleRule } from './trouble.ts';

/** What the server refuses: relaying, the recipient, its form; and what it wants first. */
export const whatRules: readonly ReplyRule[] = [
  {
    meaning: 'relay-denied',
    text: /\brelay(ing|ed)?( access| mail| attempt| operation)?( (to|for) (<>|…))?( is| was)?( temporarily)? (denied|refused|rejected|prohibited|forbidden|disallowed|disabled|declined|not (permitted|allowed|accepted|authori[sz]ed))/i,
    stages: relayStages,
    about: recipientIfAny,
    from: 'Postfix, Exim, Sendmail, Courier, Exchange Online, Stalwart, qpsmtpd, Domino, Zoho',
  },
  {
    meaning: 'relay-denied',
    text: /unable to relay|(not|n't) (allowed|permitted|authori[sz]ed) to relay|\b(do not|don't|does not|will not|won't|cannot|can't) relay\b|not configured to relay|\bno relay(ing)?\b|not a gateway|allowed rcpthosts|cannot deliver mail for <>|tenantattribution|use submission for outgoing/i,
    stages: relayStages,
    about: recipientIfAny,
    from: 'Exchange, qmail, Haraka, maddy, IMail, old sendmail',
  },
  {
    meaning: 'relay-denied',
    text: /\brelay(ing)? (nicht (erlaubt|gestattet|zulässig)|verweigert|verboten|abgelehnt|no (permitido|autorizado)|denegado|não (permitido|autorizado)|negado|non (consentito|autorizzato|autorisé)|refusé|interdit)|\brelais .{0,20}(refusé|interdit|non autorisé)|(拒绝|不允许|禁止)(中继|转发)|中继.{0,4}(拒绝|禁止)|リレー.{0,10}(拒否|禁止|許可されて)|(ретрансляция|пересылка) .{0,20}запрещен/i,
    stages: relayStages,
    about: recipientIfAny,
    from: 'words of relaying in other languages',
  },
  plainTroubleRule,
  {
    meaning: 'command-syntax',
    text: /(parameter|attribute|message size) .{0,20}syntax|unsupported option|bad utf-8 syntax|dsn support is disabled/i,
    from: 'Postfix, OpenSMTPD, smtp-server',
  },
  {
    meaning: 'sender-rejected',
    text: /address syntax|syntax: mail|syntax error|need fully-qualified|must contain a domain|malformed|must declare smtputf8|could not parse your mail|mailbox syntax not allowed/i,
    stages: ['mail'],
    from: 'Postfix, Exim, OpenSMTPD, qmail, smtp-server, qpsmtpd, chkuser',
  },
  {
    meaning: 'address-syntax',
    text: /address syntax|^invalid (route )?address|syntax: (rcpt|vrfy|expn)|syntax error|need fully-qualified|must contain a domain|restricted characters|malformed|must declare smtputf8|could not parse recipient|mailbox syntax not allowed|address has invalid format|must specify a domain/i,
    stages: recipientStages,
    about: recipientIfAny,
    from: 'Postfix, Exim, OpenSMTPD, qmail, Courier, Sendmail, smtp-server, aiosmtpd, qpsmtpd, chkuser',
  },
  {
    meaning: 'relay-or-unknown',
    text: /^invalid recipient: <>|recipient address rejected: access denied|not our customer|^#? ?address rejected|delivery is not allowed to this address|do(es)? not accept mail for/i,
    stages: recipientStages,
    about: recipientIfAny,
    from: 'OpenSMTPD, Postfix reject, Exchange Online DBEB, IronPort, hMailServer',
  },
  {
    meaning: 'relay-or-unknown',
    text: /administrative prohibition|^recipient <> denied/i,
    code: /^5/,
    stages: ['rcpt'],
    from: 'Exim bare deny, Haraka plugins',
  },
  {
    meaning: 'unknown-user',
    text: /users? unknown|addressee unknown|unknown (user|recipient|mailbox|local part)|no such (user|recipient|mailbox|person|address|account)|(user|recipient|mailbox|account|address) (is )?not (found|known|listed)|(user|recipient|mailbox|account|address)\b.{0,60}\bdoes(n't| not) exist|unrouteable address|not deliverable|undeliverable address|mailbox disabled|no mailbox (here|by)|not listed in/i,
    stages: recipientStages,
    about: recipientIfAny,
    from: 'all',
  },
  { meaning: 'unknown-user', text: /^<> not found/i, stages: ['vrfy', 'expn'], from: 'Courier' },

  // Conditions: TLS, AUTH, a client that can be looked up.
  {
    meaning: 'tls-required',
    text: /must issue a starttls|starttls is required|encryption (is )?(required|needed)|tls (is )?required|plaintext authentication disallowed|encryption too weak|ssl\/tls required before auth/i,
    from: 'Postfix, OpenSMTPD, Courier, Sendmail, Dovecot, smtp-server, qpsmtpd, Gmail',
  },
  {
    meaning: 'auth-required',
    text: /authentication (is )?required|\bauth (is )?required|must (issue an auth|authenticate)|requires authentication|not authenticated|permissions to submit/i,
    from: 'Sendmail, OpenSMTPD, Courier, Haraka, Dovecot, Exchange, Stalwart, smtp-server, nginx, MailEnable',
  },
  {
    meaning: 'client-blocked',
    text: /cannot find your|reverse dns|reverse hostname|\bptr\b|client ip address|possibly forged|\breputation\b|barracuda/i,
    from: 'Postfix, Sendmail, Stalwart, GMX',
  },
  { meaning: 'client-blocked', text: /come back later/i, stages: ['greeting'], from: 'Haraka DENYSOFT' },
  {
    meaning: 'too-big',
    text: /(message|header|size|chunk)\b.{0,80}(too big|too long|ridiculously long|exceeds\b)|databytes limit|too much mail data/i,
    stages: ['mail', 'data', 'other'],
    from: 'all',
  },
];

/** Words that say little: they count where nothing in the whole reply says more. */
export const vagueRules: readonly ReplyRule[] = [
  {
    meaning: 'unknown-user',
    text: /mailbox unavailable/i,
    stages: recipientStages,
    about: recipientIfAny,
    from: 'RFC 5321 §4.2.3: 550 in its own words',
  },
  {
    meaning: 'client-blocked',
    text: /smtp service not available/i,
    code: /^5/,
    from: 'Exim host_reject_connection, GMX',
  },
  {
    meaning: 'unavailable',
    text: /\bservice (is )?(currently |temporarily )?(not available|unavailable)|service not active|system not accepting network messages/i,
    code: /^421$/,
    from: 'Postfix and postscreen with milters, RFC 5321 §4.2.3, RFC 3463 X.3.2',
  },
  {
    meaning: 'greylisted',
    text: /try again (in|later)|come back (in|later)|retry (in|later)|temporarily deferred/i,
    code: /^45/,
    stages: ['rcpt', 'data'],
    about: recipientIfAny,
    from: 'policy daemons, milters, rspamd, Stalwart',
  },
];
