import type { Portraits } from './portrait.ts';

export const classic = {
  Postfix: {
    greeting: /^220[- ]\S+ .{0,80}\bPostfix(?:[ -]\(?(\d+(?:\.\d+)+)\)?)?/,
    replies: [
      {
        to: 'keywords',
        says: /^PIPELINING SIZE( VRFY)?( ETRN)?( STARTTLS)?( AUTH){0,2}( XVERP)?( XCLIENT)?( XFORWARD)? ENHANCEDSTATUSCODES 8BITMIME( DSN)?( SMTPUTF8)?( CHUNKING)?( REQUIRETLS)?$/,
        weight: 3,
      },
      {
        to: 'keywords',
        says: / ETRN( STARTTLS)?( AUTH){0,2}( XVERP)?( XCLIENT)?( XFORWARD)? ENHANCEDSTATUSCODES 8BITMIME /,
        weight: 2,
      },
      { to: 'EHLO', says: /^250[- ]\S+ \S/, weight: -8 },
      { to: 'MAIL', says: /^250 2\.1\.0 Ok$/, weight: 3 },
      { to: 'RCPT', says: /^250 2\.1\.5 Ok$/, weight: 3 },
      { to: 'RSET', says: /^250 2\.0\.0 Ok$/, weight: 2 },
      { to: 'any', says: /^[45]54 [45]\.7\.1 <.{0,500}>: Relay access denied/, weight: 3 },
      {
        to: 'any',
        says: /^\d{3} \d\.\d\.\d{1,2} <.{0,500}>: (Client host|Helo command|(Sender|Recipient) address) rejected: /,
        weight: 3,
      },
      { to: 'any', says: /: User unknown in .{1,40} table/, weight: 3 },
      { to: 'any', says: /^50[023] 5\.5\.[12] Error: [a-z]/i, weight: 3 },
      { to: 'any', says: /^50[01] 5\.5\.4 Syntax: /, weight: 2 },
      { to: 'any', says: /^421 4\.[47]\.[02] \S+ Error: (too many|timeout)/, weight: 3 },
      { to: 'VRFY', says: /^502 5\.5\.1 VRFY command is disabled/, weight: 4 },
      { to: 'VRFY', says: /^252 2\.0\.0 \S+$/, weight: 2 },
      { to: 'HELP', says: /^214 2\.0\.0 Commands: AUTH BDAT/, weight: 4 },
      { to: 'XCLIENT', says: /^550 5\.7\.0 Error: insufficient authorization/, weight: 4 },
      { to: 'any', says: /^221 2\.7\.0 Error: I can break rules, too/, weight: 4 },
      { to: 'STARTTLS', says: /^220 2\.0\.0 Ready to start TLS$/, weight: 1 },
      { to: 'QUIT', says: /^221 2\.0\.0 Bye$/, weight: 1 },
      { to: 'DATA', says: /^354 End data with <CR><LF>\.<CR><LF>$/, weight: 1 },
      // postscreen, in front of Postfix only: its stand-in engine knows neither PIPELINING nor AUTH.
      {
        to: 'keywords',
        says: /^SIZE( VRFY)?( ETRN)?( STARTTLS)? ENHANCEDSTATUSCODES 8BITMIME DSN( SMTPUTF8)?( CHUNKING)?$/,
        weight: 4,
      },
      { to: 'RCPT', says: /^(450 4\.3\.2|550 5\.3\.2) Service currently unavailable$/, weight: 3 },
      { to: 'RCPT', says: /^550 5\.5\.1 Protocol error$/, weight: 3 },
      { to: 'greeting', says: /^220-(\S.{0,200})\n220 \1/, weight: 2 },
    ],
  },

  Exim: {
    greeting: /^220[- ]\S+ .{0,80}\bExim(?: (\d+\.\d\S*))?/,
    replies: [
      { to: 'EHLO', says: /^250[- ]\S+ Hello \S+ \[[^\]\n]{2,60}\](\n|$)/, weight: 2 },
      { to: 'EHLO', says: /^250[- ]\S+(\n|$)/, weight: -8 },
      {
        to: 'keywords',
        says: /^SIZE( LIMITS)? 8BITMIME( DSN)?( ATRN)?( ETRN)?( VRFY)?( EXPN)? PIPELINING( \w{0,10}PIPECONNECT)?( AUTH)?( CHUNKING)?( STARTTLS)?( PRDR)?( SMTPUTF8)?( WELLKNOWN)? HELP$/,
        weight: 3,
      },
      { to: 'MAIL', says: /^250 OK$/, weight: 1 },
      { to: 'RCPT', says: /^250 Accepted$/, weight: 2 },
      { to: 'RSET', says: /^250 Reset OK$/, weight: 3 },
      { to: 'QUIT', says: /^221 \S+ closing connection$/, weight: 2 },
      { to: 'STARTTLS', says: /^220 TLS go ahead$/, weight: 4 },
      { to: 'DATA', says: /^354 Enter message, ending with "\." on a line by itself$/, weight: 3 },
      { to: 'RCPT', says: /\brelay not permitted$/i, weight: 2 },
      { to: 'any', says: /^(252|550) Administrative prohibition$/, weight: 3 },
      { to: 'any', says: /Unrouteable address|Restricted characters in address/, weight: 3 },
      { to: 'any', says: /command used when not advertised/i, weight: 4 },
      { to: 'any', says: /^501 Syntactically invalid (HELO|EHLO)/, weight: 4 },
      { to: 'any', says: /^500 unrecognized command$/, weight: 2 },
      { to: 'HELP', says: /^214-Commands supported:\n/, weight: 3 },
    ],
  },

  Sendmail: {
    greeting: /^220[- ]\S+ .{0,80}\bSendmail(?: (\d+\.\d[\w.+-]*))?/,
    help: /This is [Ss]endmail(?: version (\d+\.\d[\w.+-]*))?/,
    replies: [
      { to: 'EHLO', says: /^250[- ]\S+ Hello .{1,300}, pleased to meet you(\n|$)/, weight: 2 },
      { to: 'keywords', says: /^ENHANCEDSTATUSCODES PIPELINING( EXPN)?( VERB)? 8BITMIME\b.{0,200} HELP$/, weight: 4 },
      { to: 'MAIL', says: /^250 2\.1\.0 .{0,500}\.\.\. Sender ok$/, weight: 4 },
      { to: 'RCPT', says: /^250 2\.1\.5 .{0,500}\.\.\. Recipient ok/, weight: 4 },
      { to: 'RSET', says: /^250 2\.0\.0 Reset state$/, weight: 1 },
      { to: 'QUIT', says: /^221 2\.0\.0 \S+ closing connection$/, weight: 3 },
      { to: 'DATA', says: /^354 Enter mail, end with "\." on a line by itself$/, weight: 3 },
      {
        to: 'any',
        says: /^\d{3} \d\.\d\.\d <.{0,500}>\.\.\. (Relaying (temporarily )?denied|User unknown)/,
        weight: 4,
      },
      { to: 'any', says: /^500 5\.5\.1 Command unrecognized: "/, weight: 4 },
      { to: 'VRFY', says: /^252 2\.5\.2 Cannot VRFY user/, weight: 3 },
      { to: 'HELP', says: /This is sendmail/i, weight: 4 },
    ],
  },

  OpenSMTPD: {
    greeting: /^220[- ]\S+ .{0,80}\bOpenSMTPD(?: (\d[\w.]*))?/,
    replies: [
      { to: 'EHLO', says: /^250[- ]\S+ Hello .{1,300}, pleased to meet you(\n|$)/, weight: 2 },
      { to: 'keywords', says: /^8BITMIME ENHANCEDSTATUSCODES SIZE( DSN)?( STARTTLS)?( AUTH)? HELP$/, weight: 4 },
      { to: 'MAIL', says: /^250 2\.0\.0 Ok$/, weight: 2 },
      { to: 'RCPT', says: /^250 2\.1\.5 Destination address valid: Recipient ok$/, weight: 4 },
      { to: 'RCPT', says: /^550 Invalid recipient: </, weight: 4 },
      { to: 'any', says: /^50[013] 5\.5\.1 Invalid command: /, weight: 4 },
      { to: 'any', says: /^530 5\.5\.1 Invalid command: Must issue/, weight: 4 },
      { to: 'RSET', says: /^250 2\.0\.0 Reset state$/, weight: 1 },
      { to: 'STARTTLS', says: /^220 2\.0\.0 Ready to start TLS$/, weight: 1 },
      { to: 'QUIT', says: /^221 2\.0\.0 Bye$/, weight: 1 },
      { to: 'HELP', says: /This is OpenSMTPD/, weight: 4 },
    ],
  },

  Courier: {
    greeting: /^220[- ]\S+ .{0,80}\bCourier\b(?:[ /](\d[\w.]*))?/,
    replies: [
      { to: 'EHLO', says: /^250-\S+ Ok\.\n/, weight: 3 },
      { to: 'keywords', says: /\bXVERP=COURIER\b|\bXEXDATA\b|\bXSECURITY=/, weight: 4 },
      { to: 'MAIL', says: /^250 Ok\.$/, weight: 3 },
      { to: 'RCPT', says: /^250 Ok\.$/, weight: 3 },
      { to: 'any', says: /^513 Relaying denied\./, weight: 4 },
      { to: 'any', says: /^502 ESMTP command error$/, weight: 4 },
      { to: 'QUIT', says: /^221 Bye\.$/, weight: 2 },
    ],
  },

  qmail: {
    greeting: /^220[- ]\S+ .{0,80}\b(?:net|not)?qmail\b/i,
    replies: [
      { to: 'keywords', says: /^PIPELINING 8BITMIME$/, weight: 3 },
      { to: 'MAIL', says: /^250 ok$/, weight: 2 },
      { to: 'RCPT', says: /^250 ok$/, weight: 1 },
      { to: 'RSET', says: /^250 flushed$/, weight: 3 },
      { to: 'any', says: /^\d{3} .{0,300}\(#\d\.\d\.\d\)$/, weight: 3 },
      { to: 'VRFY', says: /^252 send some mail, i'll try my best/, weight: 4 },
      { to: 'HELP', says: /qmail home page/, weight: 4 },
    ],
  },
} satisfies Portraits;
