import type { Portraits } from './portrait.ts';

/** Servers that have no fixes here: named, they get nobody else's. */
export const programs = {
  qpsmtpd: {
    greeting: /^220[- ]\S+ ESMTP qpsmtpd (\d\S{0,20})/,
    replies: [
      { to: 'EHLO', says: /^250[- ]\S+ Hi \S+ \[[\da-f.:]{2,60}\](\n|$)/i, weight: 4 },
      { to: 'MAIL', says: /, sender OK - how exciting to get mail from you!$/, weight: 4 },
      { to: 'RCPT', says: /^250 <.{0,500}>, recipient ok$/, weight: 3 },
      { to: 'RCPT', says: /^450 No plugin decided if relaying is allowed$/, weight: 4 },
      { to: 'VRFY', says: /^252 Just try sending a mail and we'll see how it turns out \.\.\.$/, weight: 4 },
      { to: 'any', says: /^501 could not parse (your mail from command|recipient)$/, weight: 3 },
      { to: 'any', says: /^503 but you already said /, weight: 3 },
      { to: 'HELP', says: /^214-This is qpsmtpd /, weight: 4 },
      { to: 'QUIT', says: /closing connection\. Have a wonderful day\.$/, weight: 4 },
    ],
  },

  aiosmtpd: {
    greeting: /^220[- ]\S+ Python SMTP (\d\S{0,20})/,
    replies: [
      { to: 'HELP', says: /^250 Supported commands: AUTH DATA EHLO HELO HELP/, weight: 4 },
      { to: 'RCPT', says: /^553 5\.1\.3 Error: malformed address$/, weight: 3 },
      { to: 'any', says: /^500 Error: command "[^"]{1,100}" not recognized$/, weight: 2 },
      { to: 'any', says: /^501 Syntax: (MAIL FROM|RCPT TO): <address>/, weight: 1 },
      { to: 'AUTH', says: /^538 5\.7\.11 Encryption required for requested authentication mechanism$/, weight: 2 },
      { to: 'EXPN', says: /^502 EXPN not implemented$/, weight: 1 },
      { to: 'VRFY', says: /^252 Cannot VRFY user, but will accept message and attempt delivery$/, weight: 1 },
    ],
  },

  msmtpd: {
    greeting: /^220[- ]\S+ ESMTP msmtpd$/,
    replies: [{ to: 'any', says: /^500 Expected (EHLO or HELO|MAIL FROM:<addr>|RCPT TO:<addr>)/, weight: 4 }],
  },

  'go-smtp': {
    replies: [
      { to: 'MAIL', says: /^250 2\.0\.0 Roger, accepting mail from </, weight: 4 },
      { to: 'RCPT', says: /^250 2\.0\.0 I'll make sure <.{0,500}> gets this$/, weight: 4 },
      { to: 'EHLO', says: /^250-Hello \S{1,255}\n/, weight: 2 },
      { to: 'any', says: /^502 2\.5\.1 (Please introduce yourself first|Missing MAIL FROM command)\.$/, weight: 3 },
    ],
  },

  James: {
    greeting: /^220[- ].{0,300}\bJAMES (?:awesome )?SMTP Server\b(?: (\d[\w.]{0,20}))?/,
    replies: [
      { to: 'MAIL', says: /^250 2\.1\.0 Sender <.{0,500}> OK$/, weight: 4 },
      { to: 'RCPT', says: /^250 2\.1\.5 Recipient <.{0,500}> OK$/, weight: 4 },
    ],
  },

  hMailServer: {
    replies: [
      { to: 'VRFY', says: /^502 VRFY disallowed\.$/, weight: 4 },
      { to: 'RCPT', says: /^550 Delivery is not allowed to this address\.$/, weight: 3 },
      { to: 'any', says: /^530 SMTP authentication is required\.$/, weight: 3 },
      { to: 'any', says: /^502 Use HELO\/EHLO first\.$/, weight: 3 },
      { to: 'HELP', says: /^211 DATA HELO EHLO MAIL NOOP QUIT RCPT RSET SAML TURN VRFY$/, weight: 4 },
      { to: 'QUIT', says: /^221 goodbye$/, weight: 2 },
      { to: 'keywords', says: /^SIZE( STARTTLS)? AUTH HELP$/, weight: 1 },
    ],
  },

  MailEnable: {
    greeting: /^220[- ]\S+ ESMTP Mail ?Enable (?:SMTP )?Service, Version: ?(\d[\d.]{0,20})?/,
    replies: [
      { to: 'EHLO', says: /^250[- ]\S+(?: \[[\da-f.:]{2,60}\])?, this server offers \d{1,3} extensions/i, weight: 4 },
      { to: 'MAIL', says: /^250 Requested mail action okay, completed$/, weight: 3 },
      { to: 'RCPT', says: /^250 Requested mail action okay, completed$/, weight: 3 },
      {
        to: 'RCPT',
        says: /^503 This mail server requires authentication when attempting to send to a non-local/,
        weight: 4,
      },
    ],
  },

  MDaemon: {
    greeting: /^220[- ]\S+ ESMTP MDaemon (\d[\d.]{0,20})/,
    replies: [
      { to: 'MAIL', says: /^250 (2\.1\.0 )?<.{0,500}>, Sender ok$/, weight: 3 },
      { to: 'RCPT', says: /^250 (2\.1\.5 )?<.{0,500}>, Recipient ok$/, weight: 3 },
      { to: 'QUIT', says: /^221 (2\.0\.0 )?See ya in cyberspace$/, weight: 4 },
    ],
  },
} satisfies Portraits;
