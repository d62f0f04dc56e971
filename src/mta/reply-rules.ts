import type { About, Meaning, Stage } from './reply-meaning.ts';

/** All the conditions that a rule states must hold. */
export interface ReplyRule {
  readonly meaning: Meaning;
  /** Matched against the server's own words: no codes, nothing that we said, `<>` for `<…>`. Every repeat is bounded. */
  readonly text?: RegExp;
  /** Matched against the three digits. */
  readonly code?: RegExp;
  /** Matched against the enhanced status code. */
  readonly enhanced?: RegExp;
  readonly stages?: readonly Stage[];
  readonly about?: readonly (About | 'unsaid')[];
  /** Whose words they are. */
  readonly from: string;
}

/** What counts is told by the command; "overlimit" is what Exim's manual shows for its `ratelimit`. */
const rateWords = /rate ?limit.{0,40} exceeded|rate over-?limit/i;
const recipientStages: readonly Stage[] = ['rcpt', 'vrfy', 'expn', 'data'];
const relayStages: readonly Stage[] = ['mail', 'other', ...recipientStages];
const anyButAuth: readonly Stage[] = ['greeting', 'helo', 'starttls', ...relayStages];
const recipientIfAny: ReplyRule['about'] = ['recipient', 'unsaid'];

/**
 * First match wins. The order is the sense of it: limits and lost dialogues, states of the session, whom the server refuses,
 * what it refuses, and only then what enhanced and basic codes suggest.
 */
export const replyRules: readonly ReplyRule[] = [
  // Limits: their words are their own, and they can come in answer to anything.
  { meaning: 'limit-tls', text: /too many new tls sessions/i, from: 'Postfix' },
  {
    meaning: 'limit-auth',
    text: /too many (auth commands|auth(entication)? (errors|failures|attempts)|(failed )?log-?ins?\b)/i,
    from: 'Postfix, Stalwart',
  },
  {
    meaning: 'limit-errors',
    text: /too many (protocol )?errors|too many (bad|unrecogni[sz]ed|unknown|invalid|unauthenticated|nonmail) (commands|recipients)|too many syntax or protocol errors|too many recipient attempts/i,
    from: 'Postfix, Exim, Sendmail, Exchange, Haraka, Stalwart, smtp-server',
  },
  {
    meaning: 'limit-connections',
    text: /too many (concurrent |open |simultaneous ){0,2}(smtp )?(connections|sessions)|too many connected clients|maximum number of concurrent|connection rate limit/i,
    from: 'Postfix, postscreen, Exim, Sendmail, Exchange, Haraka, smtp-server',
  },
  { meaning: 'limit-connections', text: /^try again later, closing connection/i, code: /^421$/, from: 'Gmail' },
  {
    meaning: 'limit-messages',
    text: /too much mail|too many messages|message submission rate|maximum number of messages|unusual rate of/i,
    from: 'Postfix, Exim, OpenSMTPD, Exchange, Stalwart, Gmail',
  },
  { meaning: 'limit-recipient-rate', text: /too many recipients from (…|\[?[\da-f:.]{3,})/i, from: 'Postfix' },
  { meaning: 'limit-recipient-rate', text: /recipient rate limit/i, from: 'Haraka' },
  { meaning: 'limit-auth', text: rateWords, stages: ['auth'], from: 'Exim acl_smtp_auth, policy daemons' },
  {
    meaning: 'limit-recipient-rate',
    text: rateWords,
    stages: ['rcpt', 'vrfy'],
    from: 'Stalwart, rspamd',
  },
  {
    meaning: 'limit-messages',
    text: rateWords,
    stages: ['mail', 'data', 'other'],
    from: 'Stalwart, rspamd',
  },
  {
    meaning: 'limit-connections',
    text: rateWords,
    stages: ['greeting', 'helo'],
    from: 'Stalwart, policy daemons',
  },
  {
    meaning: 'limit-recipients-per-message',
    text: /too many recipients|multiple destination domains per transaction|domain policy size per transaction/i,
    from: 'all; Gmail',
  },
  {
    meaning: 'idle-timeout',
    text: /timeout exceeded|timeout waiting|timeout - closing|(command|data) timeout|^(connection )?time(d )?out\b|session open for too long/i,
    about: ['unsaid'],
    from: 'Postfix, Exim, Sendmail, qmail, Stalwart, smtp-server',
  },

  // A dialogue out of step.
  {
    meaning: 'bare-newline',
    text: /bare (<> received|line-?feed|newline|lf\b|cr\b)|smtplf\.html/i,
    from: 'Postfix, Haraka, qmail',
  },
  {
    meaning: 'out-of-sync',
    text: /synchroni[sz]ation|you talk too soon|use of smtp command pipelining|pipelining not supported|no commands allowed to pipeline|protocol violation/i,
    from: 'Postfix, Exim, OpenSMTPD, smtp-server, Gmail',
  },

  // AUTH: Postfix says 535 to unknown mechanisms too, and with the same first words.
  {
    meaning: 'auth-cancelled',
    text: /\bauth(entication)? (aborted|cancell?ed)|bad protocol \/ cancel/i,
    stages: ['auth'],
    from: 'Postfix, Exim, Sendmail, Cyrus',
  },
  {
    meaning: 'command-syntax',
    text: /base64|initial data not expected|response limit exceeded|syntax/i,
    stages: ['auth'],
    from: 'Postfix, Exim, OpenSMTPD, Dovecot',
  },
  {
    meaning: 'server-error',
    text: /temporary (authentication )?failure|generic failure|unable to authenticate at present/i,
    stages: ['auth'],
    from: 'Postfix, Exim, Sendmail, OpenSMTPD, maddy',
  },
  {
    meaning: 'mechanism-unsupported',
    text: /(invalid|unsupported|unknown|unrecogni[sz]ed|no) (authentication |sasl )?(mechanism|method|type)\b|(mechanism|method) .{0,60}not (available|supported)/i,
    stages: ['auth'],
    from: 'Postfix, Exim, Sendmail, OpenSMTPD, Stalwart, smtp-server',
  },
  {
    meaning: 'auth-unavailable',
    text: /\bauth(entication)? not (enabled|available|allowed|supported)|used when not advertised|smtpclientauthentication is disabled|unimplemented/i,
    stages: ['auth'],
    from: 'Postfix, Exim, Sendmail, Exchange, qmail, Stalwart',
  },
  {
    meaning: 'auth-failed',
    text: /authentication (failed|failure|unsuccessful|rejected)|credentials invalid|invalid credentials|incorrect authentication data|password not accepted/i,
    stages: ['auth'],
    from: 'all',
  },

  // The wrong moment, or a command that is not there.
  {
    meaning: 'bad-sequence',
    text: /need (mail|rcpt)\b|nested mail|transaction in progress|send (helo|ehlo|hello)|say helo|(helo|ehlo)( or (helo|ehlo))? (required|first)|introduce yourself|(rcpt|mail) required first|no valid recipients|no recipients? specified|must precede data|after bdat|sender (already|not yet) given|already (authenticated|identified|active|secured)|identity changes|not allowed at this point|send auth command first|all rcpt commands were rejected|bad sequence/i,
    from: 'all',
  },
  {
    meaning: 'bad-sequence',
    text: /^esmtp command error/i,
    stages: ['mail', 'rcpt', 'data'],
    from: 'Courier',
  },
  {
    meaning: 'disabled-command',
    text: /administrative prohibition|(vrfy|expn)( command)? is disabled|(vrfy|expn) disabled|cannot (vrfy|expn)/i,
    stages: ['vrfy', 'expn'],
    from: 'Postfix, Exim, Sendmail, Courier, Stalwart',
  },
  {
    meaning: 'disabled-command',
    text: /command not (implemented|recogni[sz]ed|supported|enabled)|command unrecogni[sz]ed|(unrecogni[sz]ed|unknown|unsupported) command|unimplemented|do not allow this operation|http requests not allowed|rejecting open proxy|starttls command used when not advertised/i,
    stages: anyButAuth,
    from: 'Postfix, Exim, Sendmail, OpenSMTPD, Exchange, Haraka, qmail, smtp-server',
  },
  {
    meaning: 'server-error',
    text: /tls (currently )?(not available|unavailable)/i,
    code: /^4/,
    from: 'Postfix, Exim, Sendmail, Courier',
  },
  { meaning: 'disabled-command', text: /tls not available/i, code: /^5/, from: 'Sendmail, Courier' },

  // Server trouble that comes with an object, and is no judgement of it.
  {
    meaning: 'server-error',
    text: /server configuration (error|problem)|temporary lookup failure/i,
    from: 'Postfix, Sendmail',
  },
  {
    meaning: 'sender-rejected',
    text: /(unverified|undeliverable) address/i,
    about: ['sender'],
    from: 'Postfix reject_unverified_sender',
  },
  {
    meaning: 'unknown-user',
    text: /undeliverable address: .{0,400}(user unknown|unknown user|no such user|does not exist)/i,
    stages: recipientStages,
    from: 'Postfix reject_unverified_recipient',
  },
  {
    meaning: 'server-error',
    text: /unverified address|undeliverable address:/i,
    from: 'Postfix reject_unverified_recipient: what the next hop said, or no answer yet',
  },

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

  // A domain of ours.
  { meaning: 'our-domain', text: /null ?mx/i, from: 'Postfix' },
  {
    meaning: 'our-domain',
    text: /(domain not found|malformed dns server reply)/i,
    about: ['sender', 'recipient'],
    from: 'Postfix reject_unknown_sender_domain, reject_unknown_recipient_domain',
  },
  { meaning: 'our-domain', text: /domain of sender address/i, from: 'Sendmail' },
  { meaning: 'our-domain', text: /^(domain does not exist|dns lookup failure)/i, from: 'Courier' },

  // Greylisting may speak through any object. It passes, the others do not.
  { meaning: 'greylisted', text: /gr[ea]y-?list/i, code: /^4/, from: 'postgrey, milter-greylist, greylistd' },
  { meaning: 'greylisted', enhanced: /^4\.7\.500$/, from: 'Exchange Online' },

  // Whom: the client, its name, the sender.
  { meaning: 'client-blocked', about: ['client'], from: 'Postfix class words' },
  { meaning: 'helo-rejected', about: ['helo'], from: 'Postfix class words' },
  { meaning: 'sender-rejected', about: ['sender'], from: 'Postfix class words; Sendmail, Exim object' },
  {
    meaning: 'sender-rejected',
    text: /sender (address |domain )?(rejected|refused|denied|not allowed|not accepted|verify failed)|sender <> denied|verification failed for <>|badmailfrom|domain name required|not logged in|not owned by user|(bad|invalid) sender|non-local sender|sender address (syntax error|must contain)|send as this sender/i,
    from: 'Postfix, Exim, Sendmail, OpenSMTPD, Courier, Haraka, qmail, Stalwart, maddy, Exchange',
  },
  { meaning: 'sender-rejected', text: /\b(spf|dkim|dmarc)\b|unauthenticated email/i, from: 'policyd-spf, Gmail' },
  {
    meaning: 'helo-rejected',
    text: /bogus helo|\b(helo|ehlo) (argument|denied|requires|hostname)|invalid (helo|ehlo)|lookup on helo|helo domain is listed|rfc 1035 violation/i,
    from: 'Postfix, Exim, Sendmail, Courier, Haraka, Stalwart',
  },
  {
    meaning: 'helo-rejected',
    text: /invalid domain( name)?\.?$/i,
    stages: ['helo', 'mail'],
    from: 'Sendmail, Exchange, OpenSMTPD',
  },
  {
    meaning: 'client-blocked',
    text: /(?<!not )\blisted (at|in|on|by)\b|black ?list|block ?list|\bdnsbls?\b|\brbls?\b|spamhaus|spamcop|not in whitelist|mail is not welcome|not accepting (messages|connections)|not authorized to send email directly|(poor|bad|low) reputation|smtp service not available|rdns lookup failed/i,
    from: 'Exim, Sendmail, Haraka, Gmail, DNSBL texts',
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

  // What: relaying, the recipient, its form.
  {
    meaning: 'relay-denied',
    text: /\brelay(ing|ed)?( access| mail)?( (to|for) (<>|…))?( is| was)?( temporarily)? (denied|refused|rejected|prohibited|forbidden|not (permitted|allowed|accepted|authori[sz]ed))/i,
    stages: relayStages,
    about: recipientIfAny,
    from: 'Postfix, Exim, Sendmail, Courier, Exchange Online, Stalwart',
  },
  {
    meaning: 'relay-denied',
    text: /unable to relay|(not|n't) (allowed|permitted|authori[sz]ed) to relay|\b(do not|don't|does not|will not|won't|cannot|can't) relay\b|not configured to relay|\bno relay(ing)?\b|not a gateway|allowed rcpthosts|cannot deliver mail for <>|tenantattribution|use submission for outgoing/i,
    stages: relayStages,
    about: recipientIfAny,
    from: 'Exchange, qmail, Haraka, maddy, IMail, old sendmail',
  },
  {
    meaning: 'server-error',
    text: /temporary (local |server )?(problem|failure|error)|local problem|insufficient (system storage|disk)|space shortage|server local (data )?error|mail system error|internal (server )?error|out of memory|queue file write error|ports are busy|no system resources|too much load|high load|shutting down|cannot resolve <> at this time|^error: service unavailable/i,
    from: 'Postfix, postscreen, Exim, Sendmail, OpenSMTPD, Exchange, maddy, smtp-server',
  },
  {
    meaning: 'command-syntax',
    text: /(parameter|attribute|message size) .{0,20}syntax|unsupported option|(line|command) too long|bad utf-8 syntax|dsn support is disabled/i,
    from: 'Postfix, Sendmail, OpenSMTPD, Haraka, Dovecot, smtp-server',
  },
  {
    meaning: 'sender-rejected',
    text: /address syntax|syntax: mail|syntax error|need fully-qualified|must contain a domain|malformed|must declare smtputf8/i,
    stages: ['mail'],
    from: 'Postfix, Exim, OpenSMTPD, qmail, smtp-server',
  },
  {
    meaning: 'address-syntax',
    text: /address syntax|^invalid (route )?address|syntax: (rcpt|vrfy|expn)|syntax error|need fully-qualified|must contain a domain|restricted characters|malformed|must declare smtputf8/i,
    stages: recipientStages,
    about: recipientIfAny,
    from: 'Postfix, Exim, OpenSMTPD, qmail, Courier, Sendmail, smtp-server',
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
    text: /users? unknown|addressee unknown|unknown (user|recipient|mailbox|local part)|no such (user|recipient|mailbox|person|address|account)|(user|recipient|mailbox|account|address) (is )?not (found|known|listed)|(user|recipient|mailbox|account|address)\b.{0,60}\bdoes(n't| not) exist|unrouteable address|not deliverable|undeliverable address|mailbox (unavailable|disabled)|no mailbox (here|by)|not listed in/i,
    stages: recipientStages,
    about: recipientIfAny,
    from: 'all',
  },
  { meaning: 'unknown-user', text: /^<> not found/i, stages: ['vrfy', 'expn'], from: 'Courier' },

  // Conditions: TLS, AUTH, a client that can be looked up.
  {
    meaning: 'tls-required',
    text: /must issue a starttls|starttls is required|encryption (is )?(required|needed)|tls (is )?required|plaintext authentication disallowed|encryption too weak/i,
    from: 'Postfix, OpenSMTPD, Courier, Sendmail, Dovecot, smtp-server, Gmail',
  },
  {
    meaning: 'auth-required',
    text: /authentication (is )?required|\bauth (is )?required|must (issue an auth|authenticate)|requires authentication|not authenticated|permissions to submit/i,
    from: 'Sendmail, OpenSMTPD, Courier, Haraka, Dovecot, Exchange, Stalwart, smtp-server',
  },
  {
    meaning: 'client-blocked',
    text: /cannot find your|reverse dns|reverse hostname|\bptr\b|client ip address|possibly forged|\breputation\b|barracuda|no client certificate/i,
    from: 'Postfix, Sendmail, Stalwart',
  },
  { meaning: 'client-blocked', text: /come back later/i, stages: ['greeting'], from: 'Haraka DENYSOFT' },
  {
    meaning: 'too-big',
    text: /(message|header|size|chunk)\b.{0,80}(too big|too long|ridiculously long|exceeds\b)|databytes limit/i,
    stages: ['mail', 'data', 'other'],
    from: 'all',
  },
  {
    meaning: 'greylisted',
    text: /try again (in|later)|come back (in|later)|retry (in|later)|temporarily deferred/i,
    code: /^45/,
    stages: ['rcpt', 'data'],
    about: recipientIfAny,
    from: 'policy daemons, milters, rspamd, Stalwart',
  },

  // No words that we know: the enhanced code.
  { meaning: 'client-blocked', enhanced: /^[45]\.7\.25$/, from: 'RFC 7372 §3.2: reverse DNS' },
  { meaning: 'sender-rejected', enhanced: /^[45]\.(1\.7|7\.2[0-46])$/, from: 'RFC 7372: DKIM, SPF; RFC 3463 X.1.7' },
  { meaning: 'our-domain', enhanced: /^[45]\.(1\.8|7\.27)$/, from: 'RFC 3463 X.1.8, RFC 7505' },
  { meaning: 'our-domain', code: /^556$/, from: 'RFC 7504' },
  {
    meaning: 'our-domain',
    enhanced: /^[45]\.1\.2$/,
    stages: ['rcpt'],
    about: recipientIfAny,
    from: 'RFC 3463 X.1.2: bad destination system',
  },
  {
    meaning: 'unknown-user',
    enhanced: /^[45]\.1\.1$/,
    stages: recipientStages,
    about: recipientIfAny,
    from: 'RFC 3463 X.1.1',
  },
  {
    meaning: 'address-syntax',
    enhanced: /^[45]\.1\.3$/,
    stages: recipientStages,
    about: recipientIfAny,
    from: 'RFC 3463 X.1.3',
  },
  { meaning: 'too-big', enhanced: /^[45]\.3\.4$/, from: 'RFC 3463 X.3.4' },
  { meaning: 'server-error', enhanced: /^4\.3\./, from: 'RFC 3463 X.3' },

  // Last of all the basic code, where it means one thing at this stage.
  { meaning: 'mechanism-unsupported', code: /^(504|534)$/, stages: ['auth'], from: 'RFC 4954 §4, §6' },
  { meaning: 'tls-required', code: /^(523|538)$/, stages: ['auth'], from: 'RFC 4954 §6; Dovecot' },
  { meaning: 'auth-unavailable', code: /^50[023]$/, stages: ['auth'], from: 'RFC 4954 §4' },
  { meaning: 'auth-failed', code: /^5[23]5$/, stages: ['auth'], from: 'RFC 4954 §6' },
  { meaning: 'server-error', code: /^4/, stages: ['auth', 'starttls'], from: 'RFC 4954 §6, RFC 3207 §4' },
  { meaning: 'disabled-command', code: /^50[023]$/, stages: ['starttls'], from: 'RFC 3207 §4' },
  { meaning: 'client-blocked', code: /^5/, stages: ['greeting'], from: 'RFC 5321 §3.1' },
  { meaning: 'helo-rejected', code: /^50[14]$/, stages: ['helo'], from: 'RFC 5321 §4.1.1.1' },
  { meaning: 'auth-required', code: /^5(30|35)$/, from: 'RFC 4954 §6; Courier says 535 before AUTH' },
  { meaning: 'relay-denied', code: /^551$/, stages: ['rcpt'], about: recipientIfAny, from: 'RFC 5321 §3.4' },
  { meaning: 'too-big', code: /^(552|523|534)$/, stages: ['mail', 'data'], from: 'RFC 1870 §6; Courier' },
  { meaning: 'address-syntax', code: /^(501|555)$/, stages: ['rcpt', 'vrfy', 'expn'], from: 'RFC 5321 §4.3.2' },
  { meaning: 'command-syntax', code: /^(501|504|555)$/, from: 'RFC 5321 §4.3.2' },
  { meaning: 'disabled-command', code: /^50[02]$/, from: 'RFC 5321 §4.3.2' },
  { meaning: 'bad-sequence', code: /^503$/, from: 'RFC 5321 §4.3.2' },
  { meaning: 'server-error', code: /^421$/, from: 'RFC 5321 §3.8' },
];
