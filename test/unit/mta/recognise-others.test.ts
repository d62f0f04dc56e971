import { describe, expect, it } from 'vitest';
import { recognise } from '../../../src/mta/recognise.ts';
import { session } from './dialogue.ts';

/** What servers beside the usual six have said, as heard. Those of commercial ones are from what their users quote. */
const heard: readonly (readonly [name: string, version: string | null, dialogue: string])[] = [
  [
    'qpsmtpd',
    '0.94',
    `S: 220 mx.example.test ESMTP qpsmtpd 0.94 ready; send us your mail, but not your spam.
     C: EHLO probe.example.net
     S: 250-mx.example.test Hi Unknown [127.0.0.1]
     S: 250-PIPELINING
     S: 250 8BITMIME
     C: VRFY postmaster
     S: 252 Just try sending a mail and we'll see how it turns out ...
     C: EXPN postmaster
     S: 500 Unrecognized command
     C: MAIL FROM:<t@probe.example.net>
     S: 250 <t@probe.example.net>, sender OK - how exciting to get mail from you!
     C: RCPT TO:<u@outside.example.org>
     S: 550 Relaying denied (#5.7.1)
     C: RCPT TO:<postmaster@example.test>
     S: 250 <postmaster@example.test>, recipient ok
     C: RCPT TO:<"a@b"@c@d>
     S: 501 could not parse recipient
     C: RSET
     S: 250 OK
     C: QUIT
     S: 221 mx.example.test closing connection. Have a wonderful day.`,
  ],
  [
    'aiosmtpd',
    '1.4.3',
    `S: 220 mx.example.test Python SMTP 1.4.3
     C: EHLO probe.example.net
     S: 250-mx.example.test
     S: 250-SIZE 33554432
     S: 250-8BITMIME
     S: 250-SMTPUTF8
     S: 250 HELP
     C: VRFY postmaster
     S: 252 Cannot VRFY user, but will accept message and attempt delivery
     C: EXPN postmaster
     S: 502 EXPN not implemented
     C: STARTTLS
     S: 454 TLS not available
     C: AUTH PLAIN
     S: 538 5.7.11 Encryption required for requested authentication mechanism
     C: MAIL FROM:<t@probe.example.net>
     S: 250 OK
     C: RCPT TO:<u@outside.example.org>
     S: 250 OK
     C: RCPT TO:<"a@b"@c@d>
     S: 553 5.1.3 Error: malformed address
     C: RSET
     S: 250 OK
     C: QUIT
     S: 221 Bye`,
  ],
  [
    'msmtpd',
    null,
    `S: 220 localhost ESMTP msmtpd
     C: EHLO probe.example.net
     S: 250 localhost
     C: MAIL FROM:<t@probe.example.net>
     S: 250 Ok
     C: RCPT TO:<u@outside.example.org>
     S: 250 Ok
     C: RSET
     S: 500 Expected RCPT TO:<addr> or DATA`,
  ],
  [
    'nginx',
    null,
    `S: 220 mail.example.test ESMTP ready
     C: EHLO probe.example.net
     S: 250-mail.example.test
     S: 250-PIPELINING
     S: 250-SIZE 10240000
     S: 250-ENHANCEDSTATUSCODES
     S: 250-8BITMIME
     S: 250 AUTH PLAIN LOGIN CRAM-MD5
     C: VRFY postmaster
     S: 500 5.5.1 Invalid command
     C: MAIL FROM:<t@probe.example.net>
     S: 530 5.7.1 Authentication required
     C: RCPT TO:<u@outside.example.org>
     S: 503 5.5.1 Bad sequence of commands
     C: QUIT
     S: 221 2.0.0 Bye`,
  ],
  [
    // Behind RCPT the other server speaks.
    'nginx',
    null,
    `S: 220 mail.example.test ESMTP ready
     C: EHLO probe.example.net
     S: 250-mail.example.test
     S: 250-PIPELINING
     S: 250-SIZE 10240000
     S: 250-VRFY
     S: 250-ETRN
     S: 250-ENHANCEDSTATUSCODES
     S: 250-8BITMIME
     S: 250 DSN
     C: VRFY postmaster
     S: 500 5.5.1 Invalid command
     C: MAIL FROM:<t@probe.example.net>
     S: 250 2.0.0 OK
     C: RCPT TO:<u@outside.example.org>
     S: 554 5.7.1 <u@outside.example.org>: Relay access denied
     C: RCPT TO:<postmaster@example.test>
     S: 250 2.1.5 Ok
     C: RSET
     S: 250 2.0.0 Ok
     C: MAIL FROM:<>
     S: 250 2.1.0 Ok
     C: QUIT
     S: 221 2.0.0 Bye`,
  ],
  [
    'go-smtp',
    null,
    `S: 220 mx.example.test ESMTP Service Ready
     C: EHLO probe.example.net
     S: 250-Hello probe.example.net
     S: 250-PIPELINING
     S: 250-8BITMIME
     S: 250-ENHANCEDSTATUSCODES
     S: 250-CHUNKING
     S: 250 SIZE 33554432
     C: MAIL FROM:<t@probe.example.net>
     S: 250 2.0.0 Roger, accepting mail from <t@probe.example.net>
     C: RCPT TO:<u@outside.example.org>
     S: 250 2.0.0 I'll make sure <u@outside.example.org> gets this
     C: QUIT
     S: 221 2.0.0 Bye`,
  ],
  [
    'James',
    null,
    `S: 220 Apache JAMES awesome SMTP Server
     C: EHLO probe.example.net
     S: 250-mx.example.test Hello probe.example.net [192.0.2.9])
     S: 250-PIPELINING
     S: 250-ENHANCEDSTATUSCODES
     S: 250 8BITMIME
     C: MAIL FROM:<t@probe.example.net>
     S: 250 2.1.0 Sender <t@probe.example.net> OK
     C: RCPT TO:<postmaster@example.test>
     S: 250 2.1.5 Recipient <postmaster@example.test> OK
     C: QUIT
     S: 221 2.0.0 mx.example.test Service closing transmission channel`,
  ],
  [
    'hMailServer',
    null,
    `S: 220 mail.example.test ESMTP
     C: EHLO probe.example.net
     S: 250-mail.example.test
     S: 250-SIZE 20480000
     S: 250-AUTH LOGIN PLAIN
     S: 250 HELP
     C: VRFY postmaster@example.test
     S: 502 VRFY disallowed.
     C: MAIL FROM:<t@probe.example.net>
     S: 250 OK
     C: RCPT TO:<u@outside.example.org>
     S: 530 SMTP authentication is required.
     C: RCPT TO:<nobody@example.test>
     S: 550 Unknown user
     C: QUIT
     S: 221 goodbye`,
  ],
  [
    'MailEnable',
    '10.43',
    `S: 220 example.test ESMTP MailEnable Service, Version: 10.43-- ready at 04/28/23 04:52:19
     C: EHLO probe.example.net
     S: 250-example.test [192.0.2.9], this server offers 4 extensions
     S: 250-AUTH LOGIN
     S: 250-SIZE 5120000
     S: 250-HELP
     S: 250 AUTH=LOGIN
     C: MAIL FROM:<t@probe.example.net>
     S: 250 Requested mail action okay, completed
     C: RCPT TO:<u@outside.example.org>
     S: 503 This mail server requires authentication when attempting to send to a non-local e-mail address. Please check your mail client settings or contact your administrator to verify that the domain or address is defined for this server.
     C: QUIT
     S: 221 Service closing transmission channel`,
  ],
  [
    'MDaemon',
    '21.0.2',
    `S: 220 mail.example.test ESMTP MDaemon 21.0.2; Tue, 01 Sep 2026 16:59:55 +0800
     C: EHLO probe.example.net
     S: 250-mail.example.test Hello probe.example.net [192.0.2.9], pleased to meet you
     S: 250-ETRN
     S: 250-AUTH LOGIN CRAM-MD5 PLAIN
     S: 250-8BITMIME
     S: 250-ENHANCEDSTATUSCODES
     S: 250 SIZE 20480000
     C: MAIL FROM:<t@probe.example.net>
     S: 250 2.1.0 <t@probe.example.net>, Sender ok
     C: QUIT
     S: 221 2.0.0 See ya in cyberspace`,
  ],
  [
    'IronPort',
    null,
    `S: 220 esa1.example.test ESMTP
     C: EHLO probe.example.net
     S: 250-esa1.example.test
     S: 250-8BITMIME
     S: 250-SIZE 104857600
     S: 250 STARTTLS
     C: MAIL FROM:<t@probe.example.net>
     S: 250 sender <t@probe.example.net> ok
     C: RCPT TO:<u@outside.example.org>
     S: 550 #5.1.0 Address rejected.
     C: QUIT
     S: 221 esa1.example.test`,
  ],
  [
    'FortiMail',
    null,
    `S: 220 smtp.example.test ESMTP Smtpd; Mon, 9 Sep 2019 07:47:35 -0700
     C: EHLO probe.example.net
     S: 250-smtp.example.test Hello [192.0.2.9], pleased to meet you
     S: 250-ENHANCEDSTATUSCODES
     S: 250-PIPELINING
     S: 250-8BITMIME
     S: 250-SIZE 25067520
     S: 250-DSN
     S: 250-AUTH LOGIN PLAIN
     S: 250-STARTTLS
     S: 250-DELIVERBY
     S: 250 HELP
     C: MAIL FROM:<t@probe.example.net>
     S: 250 2.1.0 <t@probe.example.net>... Sender ok
     C: RCPT TO:<u@outside.example.org>
     S: 550 5.7.1 <u@outside.example.org>... Relaying denied`,
  ],
  [
    'Barracuda',
    null,
    `S: 220 bsf.example.test ESMTP (0f1e2d3c4b5a69788796a5b4c3d2e1f0)
     C: EHLO probe.example.net
     S: 250-bsf.example.test Hello probe.example.net [192.0.2.9], pleased to meet you
     S: 250-SIZE 100000000
     S: 250-STARTTLS
     S: 250-PIPELINING
     S: 250-8BITMIME
     S: 250 HELP
     C: MAIL FROM:<t@probe.example.net>
     S: 250 Sender <t@probe.example.net> OK
     C: RCPT TO:<postmaster@example.test>
     S: 250 Recipient <postmaster@example.test> OK`,
  ],
  [
    'Coremail',
    null,
    `S: 220 163.example.test Anti-spam GT for Coremail System (163com[20141201])
     C: EHLO probe.example.net
     S: 250-mail
     S: 250-PIPELINING
     S: 250-AUTH LOGIN PLAIN
     S: 250-AUTH=LOGIN PLAIN
     S: 250-coremail 1Uxr2xKj7kG0xkI17xGrU7I0s8FY2U3Uj8Cz28x1UUUUU7Ic2I0Y2Urit98DUCa0xDrUUUUj
     S: 250-STARTTLS
     S: 250 8BITMIME`,
  ],
  [
    'Gmail',
    null,
    `S: 220 mx.google.com ESMTP 586e51a60fabf-2b28f1504ccsi401649fac.13 - gsmtp
     C: EHLO probe.example.net
     S: 250-mx.google.com at your service, [192.0.2.9]
     S: 250-SIZE 157286400
     S: 250-8BITMIME
     S: 250-STARTTLS
     S: 250-ENHANCEDSTATUSCODES
     S: 250-PIPELINING
     S: 250-CHUNKING
     S: 250 SMTPUTF8
     C: MAIL FROM:<t@probe.example.net>
     S: 250 2.1.0 OK 586e51a60fabf-2b28f1504ccsi401649fac.13 - gsmtp`,
  ],
  [
    'Exchange Online',
    null,
    `S: 220 AMS0EPF0000019A.mail.protection.outlook.com Microsoft ESMTP MAIL Service ready at Sun, 9 Mar 2025 19:25:28 +0000 [08DD59CA63652EED]
     C: EHLO probe.example.net
     S: 250-AMS0EPF0000019A.mail.protection.outlook.com Hello [192.0.2.9]
     S: 250-SIZE 49283072
     S: 250-PIPELINING
     S: 250-DSN
     S: 250-ENHANCEDSTATUSCODES
     S: 250-STARTTLS
     S: 250-8BITMIME
     S: 250-BINARYMIME
     S: 250-CHUNKING
     S: 250 SMTPUTF8
     C: MAIL FROM:<t@probe.example.net>
     S: 250 2.1.0 Sender OK
     C: RCPT TO:<u@outside.example.org>
     S: 550 5.4.1 Recipient address rejected: Access denied. [AM0EUR02FT003.eop-EUR02.prod.protection.outlook.com 2025-03-09T19:25:30.000Z 08DD59CA63652EED]
     C: QUIT
     S: 221 2.0.0 Service closing transmission channel`,
  ],
  [
    'Proofpoint',
    null,
    `S: 220 mx0b-00000d03.pphosted.com ESMTP mfa-m0214089
     C: EHLO probe.example.net
     S: 250-mx0b-00000d03.pphosted.com Hello [192.0.2.9], pleased to meet you
     S: 250-ENHANCEDSTATUSCODES
     S: 250-PIPELINING
     S: 250-8BITMIME
     S: 250-SIZE 104857600
     S: 250-STARTTLS
     S: 250 HELP
     C: MAIL FROM:<t@probe.example.net>
     S: 250 2.1.0 Sender ok
     C: RCPT TO:<u@outside.example.org>
     S: 550 5.1.1 User Unknown`,
  ],
  [
    'Mimecast',
    null,
    `S: 220 us-smtp-inbound-1.mimecast.com ESMTP; Tue, 01 Sep 2026 10:00:00 -0400
     C: EHLO probe.example.net
     S: 250-us-smtp-inbound-1.mimecast.com Hello [192.0.2.9]
     S: 250-STARTTLS
     S: 250 HELP
     C: MAIL FROM:<t@probe.example.net>
     S: 250 Sender OK [Aj3QXapeMpqZYaeFwWhjzw.us32]
     C: RCPT TO:<u@example.test>
     S: 451 Internal resource is temporarily unavailable - https://community.mimecast.com/docs/DOC-1369#451 [Aj3QXapeMpqZYaeFwWhjzw.us32]`,
  ],
  [
    'Yandex',
    null,
    `S: 220 mxfront3h.mail.yandex.net (Want to use Yandex.Mail for your domain? Visit http://pdd.yandex.ru)
     C: EHLO probe.example.net
     S: 250-mxfront3h.mail.yandex.net
     S: 250-8BITMIME
     S: 250-PIPELINING
     S: 250-SIZE 42991616
     S: 250-STARTTLS
     S: 250-DSN
     S: 250 ENHANCEDSTATUSCODES
     C: MAIL FROM:<t@probe.example.net>
     S: 250 2.1.0 <t@probe.example.net> ok`,
  ],
  [
    'QQ Mail',
    null,
    `S: 220 newxmmxsza22.qq.com MX QQ Mail Server.
     C: EHLO probe.example.net
     S: 250-newxmmxsza22.qq.com
     S: 250-STARTTLS
     S: 250-SIZE 73400320
     S: 250 OK
     C: MAIL FROM:<t@probe.example.net>
     S: 250 OK.
     C: RCPT TO:<u@example.test>
     S: 250 OK 1`,
  ],
  // Zimbra is Postfix with another banner.
  [
    'Postfix',
    null,
    `S: 220 zimbra.example.test ESMTP Postfix
     C: EHLO probe.example.net
     S: 250-zimbra.example.test
     S: 250-PIPELINING
     S: 250-SIZE 10240000
     S: 250-VRFY
     S: 250-ETRN
     S: 250-STARTTLS
     S: 250-ENHANCEDSTATUSCODES
     S: 250-8BITMIME
     S: 250 DSN`,
  ],
];

const named = (dialogue: string) => recognise([session(dialogue)]);
/** Without the banner; the code stays. */
const unbannered = (dialogue: string) => dialogue.replace(/^S: 220 .*/, 'S: 220 mx ESMTP');

describe('recognises', () => {
  it.each(heard)('%s %s', (name, version, dialogue) => {
    expect(named(dialogue)).toMatchObject({ name, version });
  });
});

/** Told by the name of the host alone. */
const bannerOnly = ['FortiMail', 'Proofpoint', 'Yandex', 'QQ Mail'];

describe('without a banner', () => {
  it.each(heard.filter(([name]) => !bannerOnly.includes(name)))('recognises %s', (name, _version, dialogue) => {
    expect(named(unbannered(dialogue))).toEqual({ name, version: null, by: 'reply shapes' });
  });
});

describe('a near miss stays without a name', () => {
  it.each([
    [
      'the names of EHLO as aiosmtpd lists them, as Exim might',
      `S: 220 mx ESMTP
       C: EHLO probe.example.net
       S: 250-mx
       S: 250-SIZE 33554432
       S: 250-8BITMIME
       S: 250-SMTPUTF8
       S: 250 HELP
       C: MAIL FROM:<t@probe.example.net>
       S: 250 OK
       C: QUIT
       S: 221 Bye`,
    ],
    [
      'the names that Exim lists, under a greeting that is not its own',
      `S: 220 mx ESMTP
       C: EHLO probe.example.net
       S: 250-mx
       S: 250-SIZE 33554432
       S: 250-8BITMIME
       S: 250-PIPELINING
       S: 250 HELP
       C: MAIL FROM:<t@probe.example.net>
       S: 250 OK
       C: RCPT TO:<u@example.test>
       S: 250 Accepted`,
    ],
    [
      'the codes of qmail, in others’ words',
      `S: 220 mx ESMTP
       C: EHLO probe.example.net
       S: 250-mx Hi there
       S: 250 8BITMIME
       C: MAIL FROM:<t@probe.example.net>
       S: 250 sender accepted
       C: RCPT TO:<u@outside.example.org>
       S: 550 Relaying denied (#5.7.1)`,
    ],
    [
      // Mailpit and others that rest on the same library.
      'the replies of Postfix, from one who greets by name',
      `S: 220 mx Mailpit ESMTP Service ready
       C: EHLO probe.example.net
       S: 250-mx greets probe.example.net
       S: 250-SIZE 0
       S: 250 ENHANCEDSTATUSCODES
       C: MAIL FROM:<t@probe.example.net>
       S: 250 2.1.0 Ok
       C: RCPT TO:<u@outside.example.org>
       S: 250 2.1.5 Ok
       C: RSET
       S: 250 2.0.0 Ok
       C: QUIT
       S: 221 2.0.0 mx Mailpit ESMTP Service closing transmission channel`,
    ],
    [
      'the three names that Postfix and James share',
      `S: 220 mx ESMTP
       C: EHLO probe.example.net
       S: 250-mx
       S: 250-PIPELINING
       S: 250-ENHANCEDSTATUSCODES
       S: 250 8BITMIME
       C: QUIT
       S: 221 2.0.0 Bye`,
    ],
    [
      'smtpd of Python, which aiosmtpd grew from',
      `S: 220 mx Python SMTP proxy version 0.3
       C: EHLO probe.example.net
       S: 250-mx
       S: 250-SIZE 33554432
       S: 250-8BITMIME
       S: 250 HELP
       C: EXPN postmaster
       S: 502 EXPN not implemented
       C: STARTTLS
       S: 500 Error: command "STARTTLS" not recognized
       C: MAIL FROM:<t@probe.example.net>
       S: 250 OK`,
    ],
    [
      'one word of nginx',
      `S: 220 mx ESMTP ready
       C: EHLO probe.example.net
       S: 250 mx
       C: VRFY postmaster
       S: 500 5.5.1 Invalid command
       C: QUIT
       S: 221 Bye`,
    ],
    [
      'a banner of Postfix over a greeting that it never gives',
      'S: 220 mx ESMTP Postfix\nC: EHLO probe.example.net\nS: 250-mx Hello probe.example.net\nS: 250 8BITMIME',
    ],
    [
      'a spam filter that hands on what a server behind it says',
      'S: 220 mx ESMTP\nC: EHLO probe.example.net\nS: 250-mx\nS: 250 8BITMIME\nC: MAIL FROM:<>\nS: 250 ok.\nC: RCPT TO:<u@x>\nS: 550 no.',
    ],
    [
      'a host of the same name',
      'S: 220 nginx.example.test ESMTP\nC: EHLO probe.example.net\nS: 250 nginx.example.test',
    ],
    ['a host named mimecast', 'S: 220 mimecast.example.test ESMTP\nC: EHLO x\nS: 250 mimecast.example.test'],
  ])('%s', (_what, dialogue) => {
    expect(named(dialogue)).toEqual({ name: null, version: null, by: null });
  });
});
