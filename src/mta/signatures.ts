/** A way of answering that tells one MTA from others. */
export interface Signature {
  readonly mta: string;
  /** See `Answer.to`; `any` is any reply but the greeting. */
  readonly to: string;
  readonly says: RegExp;
  /** 1: shared with one or two others. 2: rarely shared. 3: its own words. 4 and more: it cannot be another. */
  readonly weight: number;
}

/** A claim in the greeting or in HELP. The first group is the version, where it is stated. */
export interface Banner {
  readonly mta: string;
  readonly to: 'greeting' | 'HELP';
  readonly says: RegExp;
}

/** The name stands after the host's own, or a host called `postfix.example.com` would be one. */
export const banners: readonly Banner[] = [
  { mta: 'Postfix', to: 'greeting', says: /^220[- ]\S+ .{0,80}\bPostfix(?:[ -]\(?(\d+(?:\.\d+)+)\)?)?/ },
  { mta: 'Exim', to: 'greeting', says: /^220[- ]\S+ .{0,80}\bExim(?: (\d+\.\d\S*))?/ },
  { mta: 'Sendmail', to: 'greeting', says: /^220[- ]\S+ .{0,80}\bSendmail(?: (\d+\.\d[\w.+-]*))?/ },
  { mta: 'OpenSMTPD', to: 'greeting', says: /^220[- ]\S+ .{0,80}\bOpenSMTPD(?: (\d[\w.]*))?/ },
  { mta: 'Exchange', to: 'greeting', says: /^220[- ]\S+ Microsoft ESMTP MAIL Service(?:, Version: (\d[\d.]*))?/ },
  { mta: 'Courier', to: 'greeting', says: /^220[- ]\S+ .{0,80}\bCourier\b(?:[ /](\d[\w.]*))?/ },
  { mta: 'qmail', to: 'greeting', says: /^220[- ]\S+ .{0,80}\b(?:net|not)?qmail\b/i },
  { mta: 'Haraka', to: 'greeting', says: /^220[- ]\S+ .{0,80}\bHaraka(?:\/(\d[\w.-]*))?/ },
  { mta: 'Stalwart', to: 'greeting', says: /^220[- ](?:\S+ )?Stalwart (?:E?SMTP|Mail)/ },
  { mta: 'Dovecot', to: 'greeting', says: /^220[- ]\S+ .{0,80}\bDovecot\b/ },
  { mta: 'Gmail', to: 'greeting', says: /^220[- ]\S+ ESMTP \S{1,80}(?: - |\.\d+ - )gsmtp/ },
  { mta: 'Sendmail', to: 'HELP', says: /This is [Ss]endmail(?: version (\d+\.\d[\w.+-]*))?/ },
];

/** Sources: the reference texts and sources of each MTA; where an admin can change the words, the weight is lower. */
export const signatures: readonly Signature[] = [
  {
    mta: 'Postfix',
    to: 'keywords',
    says: /^PIPELINING( SIZE)?( VRFY)?( ETRN)?( STARTTLS)?( AUTH){0,2}( XVERP)?( XCLIENT)?( XFORWARD)? ENHANCEDSTATUSCODES 8BITMIME( DSN)?( SMTPUTF8)?( CHUNKING)?( REQUIRETLS)?$/,
    weight: 4,
  },
  { mta: 'Postfix', to: 'MAIL', says: /^250 2\.1\.0 Ok$/, weight: 3 },
  { mta: 'Postfix', to: 'RCPT', says: /^250 2\.1\.5 Ok$/, weight: 3 },
  { mta: 'Postfix', to: 'RSET', says: /^250 2\.0\.0 Ok$/, weight: 2 },
  { mta: 'Postfix', to: 'any', says: /^[45]54 [45]\.7\.1 <.{0,500}>: Relay access denied/, weight: 3 },
  {
    mta: 'Postfix',
    to: 'any',
    says: /^\d{3} \d\.\d\.\d{1,2} <.{0,500}>: (Client host|Helo command|(Sender|Recipient) address) rejected: /,
    weight: 3,
  },
  { mta: 'Postfix', to: 'any', says: /: User unknown in .{1,40} table/, weight: 3 },
  { mta: 'Postfix', to: 'any', says: /^50[023] 5\.5\.[12] Error: [a-z]/i, weight: 3 },
  { mta: 'Postfix', to: 'any', says: /^50[01] 5\.5\.4 Syntax: /, weight: 2 },
  { mta: 'Postfix', to: 'any', says: /^421 4\.[47]\.[02] \S+ Error: (too many|timeout)/, weight: 3 },
  { mta: 'Postfix', to: 'VRFY', says: /^502 5\.5\.1 VRFY command is disabled/, weight: 4 },
  { mta: 'Postfix', to: 'VRFY', says: /^252 2\.0\.0 \S+$/, weight: 2 },
  { mta: 'Postfix', to: 'HELP', says: /^214 2\.0\.0 Commands: AUTH BDAT/, weight: 4 },
  { mta: 'Postfix', to: 'XCLIENT', says: /^550 5\.7\.0 Error: insufficient authorization/, weight: 4 },
  { mta: 'Postfix', to: 'any', says: /^221 2\.7\.0 Error: I can break rules, too/, weight: 4 },
  { mta: 'Postfix', to: 'STARTTLS', says: /^220 2\.0\.0 Ready to start TLS$/, weight: 1 },
  { mta: 'Postfix', to: 'QUIT', says: /^221 2\.0\.0 Bye$/, weight: 1 },
  { mta: 'Postfix', to: 'DATA', says: /^354 End data with <CR><LF>\.<CR><LF>$/, weight: 1 },
  // postscreen, in front of Postfix only: its stand-in engine knows neither PIPELINING nor AUTH.
  {
    mta: 'Postfix',
    to: 'keywords',
    says: /^SIZE( VRFY)?( ETRN)?( STARTTLS)? ENHANCEDSTATUSCODES 8BITMIME DSN( SMTPUTF8)?( CHUNKING)?$/,
    weight: 4,
  },
  { mta: 'Postfix', to: 'RCPT', says: /^(450 4\.3\.2|550 5\.3\.2) Service currently unavailable$/, weight: 3 },
  { mta: 'Postfix', to: 'RCPT', says: /^550 5\.5\.1 Protocol error$/, weight: 3 },
  { mta: 'Postfix', to: 'greeting', says: /^220-(\S.{0,200})\n220 \1/, weight: 2 },

  { mta: 'Exim', to: 'EHLO', says: /^250[- ]\S+ Hello \S+ \[[^\]\n]{2,60}\](\n|$)/, weight: 2 },
  {
    mta: 'Exim',
    to: 'keywords',
    says: /^SIZE( LIMITS)?( 8BITMIME)?( DSN)?( ATRN)?( ETRN)?( VRFY)?( EXPN)?( PIPELINING)?( \w{0,10}PIPECONNECT)?( AUTH)?( CHUNKING)?( STARTTLS)?( PRDR)?( SMTPUTF8)?( WELLKNOWN)? HELP$/,
    weight: 3,
  },
  { mta: 'Exim', to: 'MAIL', says: /^250 OK$/, weight: 1 },
  { mta: 'Exim', to: 'RCPT', says: /^250 Accepted$/, weight: 2 },
  { mta: 'Exim', to: 'RSET', says: /^250 Reset OK$/, weight: 3 },
  { mta: 'Exim', to: 'QUIT', says: /^221 \S+ closing connection$/, weight: 2 },
  { mta: 'Exim', to: 'STARTTLS', says: /^220 TLS go ahead$/, weight: 4 },
  { mta: 'Exim', to: 'DATA', says: /^354 Enter message, ending with "\." on a line by itself$/, weight: 3 },
  { mta: 'Exim', to: 'RCPT', says: /\brelay not permitted$/i, weight: 2 },
  { mta: 'Exim', to: 'any', says: /^(252|550) Administrative prohibition$/, weight: 3 },
  { mta: 'Exim', to: 'any', says: /Unrouteable address|Restricted characters in address/, weight: 3 },
  { mta: 'Exim', to: 'any', says: /command used when not advertised/i, weight: 4 },
  { mta: 'Exim', to: 'any', says: /^501 Syntactically invalid (HELO|EHLO)/, weight: 4 },
  { mta: 'Exim', to: 'any', says: /^500 unrecognized command$/, weight: 2 },
  { mta: 'Exim', to: 'HELP', says: /^214-Commands supported:\n/, weight: 3 },

  { mta: 'Sendmail', to: 'EHLO', says: /^250[- ]\S+ Hello .{1,300}, pleased to meet you(\n|$)/, weight: 2 },
  {
    mta: 'Sendmail',
    to: 'keywords',
    says: /^ENHANCEDSTATUSCODES PIPELINING( EXPN)?( VERB)? 8BITMIME\b.{0,200} HELP$/,
    weight: 4,
  },
  { mta: 'Sendmail', to: 'MAIL', says: /^250 2\.1\.0 .{0,500}\.\.\. Sender ok$/, weight: 4 },
  { mta: 'Sendmail', to: 'RCPT', says: /^250 2\.1\.5 .{0,500}\.\.\. Recipient ok/, weight: 4 },
  { mta: 'Sendmail', to: 'RSET', says: /^250 2\.0\.0 Reset state$/, weight: 1 },
  { mta: 'Sendmail', to: 'QUIT', says: /^221 2\.0\.0 \S+ closing connection$/, weight: 3 },
  { mta: 'Sendmail', to: 'DATA', says: /^354 Enter mail, end with "\." on a line by itself$/, weight: 3 },
  {
    mta: 'Sendmail',
    to: 'any',
    says: /^\d{3} \d\.\d\.\d <.{0,500}>\.\.\. (Relaying (temporarily )?denied|User unknown)/,
    weight: 4,
  },
  { mta: 'Sendmail', to: 'any', says: /^500 5\.5\.1 Command unrecognized: "/, weight: 4 },
  { mta: 'Sendmail', to: 'VRFY', says: /^252 2\.5\.2 Cannot VRFY user/, weight: 3 },
  { mta: 'Sendmail', to: 'HELP', says: /This is sendmail/i, weight: 4 },

  { mta: 'OpenSMTPD', to: 'EHLO', says: /^250[- ]\S+ Hello .{1,300}, pleased to meet you(\n|$)/, weight: 2 },
  {
    mta: 'OpenSMTPD',
    to: 'keywords',
    says: /^8BITMIME ENHANCEDSTATUSCODES SIZE( DSN)?( STARTTLS)?( AUTH)? HELP$/,
    weight: 4,
  },
  { mta: 'OpenSMTPD', to: 'MAIL', says: /^250 2\.0\.0 Ok$/, weight: 2 },
  { mta: 'OpenSMTPD', to: 'RCPT', says: /^250 2\.1\.5 Destination address valid: Recipient ok$/, weight: 4 },
  { mta: 'OpenSMTPD', to: 'RCPT', says: /^550 Invalid recipient: </, weight: 4 },
  { mta: 'OpenSMTPD', to: 'any', says: /^50[013] 5\.5\.1 Invalid command: /, weight: 4 },
  { mta: 'OpenSMTPD', to: 'any', says: /^530 5\.5\.1 Invalid command: Must issue/, weight: 4 },
  { mta: 'OpenSMTPD', to: 'RSET', says: /^250 2\.0\.0 Reset state$/, weight: 1 },
  { mta: 'OpenSMTPD', to: 'STARTTLS', says: /^220 2\.0\.0 Ready to start TLS$/, weight: 1 },
  { mta: 'OpenSMTPD', to: 'QUIT', says: /^221 2\.0\.0 Bye$/, weight: 1 },
  { mta: 'OpenSMTPD', to: 'HELP', says: /This is OpenSMTPD/, weight: 4 },

  { mta: 'Exchange', to: 'EHLO', says: /^250[- ]\S+ Hello \[[\da-f.:]{2,60}\](\n|$)/i, weight: 2 },
  { mta: 'Exchange', to: 'keywords', says: /\b(X-ANONYMOUSTLS|X-EXPS|XEXCH50|XRDST|XSHADOWREQUEST)\b/, weight: 4 },
  { mta: 'Exchange', to: 'keywords', says: /^SIZE PIPELINING DSN ENHANCEDSTATUSCODES\b/, weight: 3 },
  { mta: 'Exchange', to: 'MAIL', says: /^250 2\.1\.0 Sender OK$/, weight: 4 },
  { mta: 'Exchange', to: 'RCPT', says: /^250 2\.1\.5 Recipient OK$/, weight: 4 },
  { mta: 'Exchange', to: 'RSET', says: /^250 2\.0\.0 Resetting$/, weight: 4 },
  { mta: 'Exchange', to: 'STARTTLS', says: /^220 2\.0\.0 SMTP server ready$/, weight: 3 },
  { mta: 'Exchange', to: 'QUIT', says: /^221 2\.0\.0 Service closing transmission channel$/, weight: 3 },
  { mta: 'Exchange', to: 'any', says: /^500 5\.3\.3 Unrecognized command/, weight: 3 },
  { mta: 'Exchange', to: 'any', says: /^5[35]0 5\.7\.(54|57|64) (SMTP; |TenantAttribution|Client)/, weight: 4 },

  { mta: 'Courier', to: 'EHLO', says: /^250-\S+ Ok\.\n/, weight: 3 },
  { mta: 'Courier', to: 'keywords', says: /\bXVERP=COURIER\b|\bXEXDATA\b|\bXSECURITY=/, weight: 4 },
  { mta: 'Courier', to: 'MAIL', says: /^250 Ok\.$/, weight: 3 },
  { mta: 'Courier', to: 'RCPT', says: /^250 Ok\.$/, weight: 3 },
  { mta: 'Courier', to: 'any', says: /^513 Relaying denied\./, weight: 4 },
  { mta: 'Courier', to: 'any', says: /^502 ESMTP command error$/, weight: 4 },
  { mta: 'Courier', to: 'QUIT', says: /^221 Bye\.$/, weight: 2 },

  { mta: 'qmail', to: 'keywords', says: /^PIPELINING 8BITMIME$/, weight: 3 },
  { mta: 'qmail', to: 'MAIL', says: /^250 ok$/, weight: 2 },
  { mta: 'qmail', to: 'RCPT', says: /^250 ok$/, weight: 1 },
  { mta: 'qmail', to: 'RSET', says: /^250 flushed$/, weight: 3 },
  { mta: 'qmail', to: 'any', says: /^\d{3} .{0,300}\(#\d\.\d\.\d\)$/, weight: 3 },
  { mta: 'qmail', to: 'VRFY', says: /^252 send some mail, i'll try my best/, weight: 4 },
  { mta: 'qmail', to: 'HELP', says: /qmail home page/, weight: 4 },

  { mta: 'Haraka', to: 'EHLO', says: /, Haraka is at your service/, weight: 4 },
  { mta: 'Haraka', to: 'MAIL', says: /^250 sender <.{0,500}> OK$/, weight: 4 },
  { mta: 'Haraka', to: 'RCPT', says: /^250 recipient <.{0,500}> OK$/, weight: 4 },
  { mta: 'Haraka', to: 'RCPT', says: /^550 I cannot deliver mail for </, weight: 4 },
  { mta: 'Haraka', to: 'VRFY', says: /^252 Just try sending a mail/, weight: 4 },
  { mta: 'Haraka', to: 'DATA', says: /^354 go ahead, make my day$/, weight: 4 },
  { mta: 'Haraka', to: 'QUIT', says: /Have a jolly good day/, weight: 4 },

  { mta: 'Stalwart', to: 'EHLO', says: /^250[- ]\S+ you had me at EHLO/, weight: 4 },
  { mta: 'Stalwart', to: 'HELO', says: /^250 \S+ you had me at HELO/, weight: 4 },
  { mta: 'Stalwart', to: 'RCPT', says: /^550 5\.1\.2 (Relay not allowed|Mailbox does not exist)\.$/, weight: 4 },
  { mta: 'Stalwart', to: 'any', says: /^252 2\.5\.1 (VRFY|EXPN) is disabled\.$/, weight: 4 },
  { mta: 'Stalwart', to: 'MAIL', says: /^250 2\.1\.0 OK$/, weight: 1 },
  { mta: 'Stalwart', to: 'RCPT', says: /^250 2\.1\.5 OK$/, weight: 1 },
  { mta: 'Stalwart', to: 'STARTTLS', says: /^220 2\.0\.0 Ready to start TLS\.$/, weight: 2 },
  { mta: 'Stalwart', to: 'QUIT', says: /^221 2\.0\.0 Bye\.$/, weight: 2 },

  { mta: 'smtp-server', to: 'EHLO', says: /^250[- ]\S+ Nice to meet you, /, weight: 4 },
  {
    mta: 'smtp-server',
    to: 'keywords',
    says: /^PIPELINING 8BITMIME SMTPUTF8( ENHANCEDSTATUSCODES)?( DSN)?( AUTH)?( STARTTLS)?( REQUIRETLS)?( SIZE)?$/,
    weight: 2,
  },
  { mta: 'smtp-server', to: 'MAIL', says: /^250 (2\.1\.0 )?Accepted$/, weight: 3 },
  { mta: 'smtp-server', to: 'RCPT', says: /^250 (2\.1\.5 )?Accepted$/, weight: 2 },
  { mta: 'smtp-server', to: 'RSET', says: /^250 (2\.0\.0 )?Flushed$/, weight: 3 },
  { mta: 'smtp-server', to: 'VRFY', says: /No promises though$/, weight: 4 },
  { mta: 'smtp-server', to: 'HELP', says: /See https:\/\/tools\.ietf\.org\/html\/rfc5321 for details$/, weight: 4 },

  {
    mta: 'Dovecot',
    to: 'keywords',
    says: /^8BITMIME( AUTH)?( BINARYMIME)?( BURL)?( CHUNKING)?( DSN)? ENHANCEDSTATUSCODES PIPELINING( SIZE)?( STARTTLS)?( VRFY)?( XCLIENT)?$/,
    weight: 4,
  },
  { mta: 'Dovecot', to: 'STARTTLS', says: /^220 2\.0\.0 Begin TLS negotiation now\.$/, weight: 4 },
  { mta: 'Dovecot', to: 'VRFY', says: /^252 2\.3\.3 Try RCPT instead/, weight: 4 },
  { mta: 'Dovecot', to: 'any', says: /^523 5\.7\.10 /, weight: 2 },
  { mta: 'Dovecot', to: 'any', says: /^530 5\.7\.0 Authentication required\.$/, weight: 2 },
  { mta: 'Dovecot', to: 'MAIL', says: /^250 2\.1\.0 OK$/, weight: 1 },
  { mta: 'Dovecot', to: 'QUIT', says: /^221 2\.0\.0 Bye$/, weight: 1 },

  { mta: 'Gmail', to: 'any', says: / - gsmtp$/, weight: 4 },
  { mta: 'Gmail', to: 'EHLO', says: /^250-\S+ at your service, \[/, weight: 3 },
];
