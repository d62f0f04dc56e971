import type { Portraits } from './portrait.ts';

export const others = {
  Exchange: {
    greeting: /^220[- ]\S+ Microsoft ESMTP MAIL Service(?:, Version: (\d[\d.]*))?/,
    replies: [
      { to: 'EHLO', says: /^250[- ]\S+ Hello \[[\da-f.:]{2,60}\](\n|$)/i, weight: 2 },
      { to: 'keywords', says: /\b(X-ANONYMOUSTLS|X-EXPS|XEXCH50|XRDST|XSHADOWREQUEST)\b/, weight: 4 },
      { to: 'keywords', says: /^SIZE PIPELINING DSN ENHANCEDSTATUSCODES\b/, weight: 3 },
      { to: 'MAIL', says: /^250 2\.1\.0 Sender OK$/, weight: 4 },
      { to: 'RCPT', says: /^250 2\.1\.5 Recipient OK$/, weight: 4 },
      { to: 'RSET', says: /^250 2\.0\.0 Resetting$/, weight: 4 },
      { to: 'STARTTLS', says: /^220 2\.0\.0 SMTP server ready$/, weight: 3 },
      { to: 'QUIT', says: /^221 2\.0\.0 Service closing transmission channel$/, weight: 3 },
      { to: 'any', says: /^500 5\.3\.3 Unrecognized command/, weight: 3 },
      { to: 'any', says: /^5[35]0 5\.7\.(54|57|64) (SMTP; |TenantAttribution|Client)/, weight: 4 },
    ],
  },

  Dovecot: {
    greeting: /^220[- ]\S+ .{0,80}\bDovecot\b/,
    replies: [
      {
        to: 'keywords',
        says: /^8BITMIME( AUTH)?( BINARYMIME)?( BURL)?( CHUNKING)?( DSN)? ENHANCEDSTATUSCODES PIPELINING( SIZE)?( STARTTLS)?( VRFY)?( XCLIENT)?$/,
        weight: 4,
      },
      { to: 'STARTTLS', says: /^220 2\.0\.0 Begin TLS negotiation now\.$/, weight: 4 },
      { to: 'VRFY', says: /^252 2\.3\.3 Try RCPT instead/, weight: 4 },
      { to: 'any', says: /^523 5\.7\.10 /, weight: 2 },
      { to: 'any', says: /^530 5\.7\.0 Authentication required\.$/, weight: 2 },
      { to: 'MAIL', says: /^250 2\.1\.0 OK$/, weight: 1 },
      { to: 'QUIT', says: /^221 2\.0\.0 Bye$/, weight: 1 },
    ],
  },

  Haraka: {
    greeting: /^220[- ]\S+ .{0,80}\bHaraka(?:\/(\d[\w.-]*))?/,
    replies: [
      { to: 'EHLO', says: /, Haraka is at your service/, weight: 4 },
      { to: 'MAIL', says: /^250 sender <.{0,500}> OK$/, weight: 4 },
      { to: 'RCPT', says: /^250 recipient <.{0,500}> OK$/, weight: 4 },
      { to: 'RCPT', says: /^550 I cannot deliver mail for </, weight: 4 },
      { to: 'VRFY', says: /^252 Just try sending a mail and we'll see how it turns out\.\.\.$/, weight: 4 },
      { to: 'DATA', says: /^354 go ahead, make my day$/, weight: 4 },
      { to: 'QUIT', says: /Have a jolly good day/, weight: 4 },
    ],
  },

  Stalwart: {
    greeting: /^220[- ](?:\S+ )?Stalwart (?:E?SMTP|Mail)/,
    replies: [
      { to: 'EHLO', says: /^250[- ]\S+ you had me at EHLO/, weight: 4 },
      { to: 'HELO', says: /^250 \S+ you had me at HELO/, weight: 4 },
      { to: 'RCPT', says: /^550 5\.1\.2 (Relay not allowed|Mailbox does not exist)\.$/, weight: 4 },
      { to: 'any', says: /^252 2\.5\.1 (VRFY|EXPN) is disabled\.$/, weight: 4 },
      { to: 'MAIL', says: /^250 2\.1\.0 OK$/, weight: 1 },
      { to: 'RCPT', says: /^250 2\.1\.5 OK$/, weight: 1 },
      { to: 'STARTTLS', says: /^220 2\.0\.0 Ready to start TLS\.$/, weight: 2 },
      { to: 'QUIT', says: /^221 2\.0\.0 Bye\.$/, weight: 2 },
    ],
  },

  'smtp-server': {
    replies: [
      { to: 'EHLO', says: /^250[- ]\S+ Nice to meet you, /, weight: 4 },
      {
        to: 'keywords',
        says: /^PIPELINING 8BITMIME SMTPUTF8( ENHANCEDSTATUSCODES)?( DSN)?( AUTH)?( STARTTLS)?( REQUIRETLS)?( SIZE)?$/,
        weight: 2,
      },
      { to: 'MAIL', says: /^250 (2\.1\.0 )?Accepted$/, weight: 3 },
      { to: 'RCPT', says: /^250 (2\.1\.5 )?Accepted$/, weight: 2 },
      { to: 'RSET', says: /^250 (2\.0\.0 )?Flushed$/, weight: 3 },
      { to: 'VRFY', says: /No promises though$/, weight: 4 },
      { to: 'HELP', says: /See https:\/\/tools\.ietf\.org\/html\/rfc5321 for details$/, weight: 4 },
    ],
  },
} satisfies Portraits;
