import { describe, expect, it } from 'vitest';
import { recognise } from '../../../src/mta/recognise.ts';
import { session } from './dialogue.ts';

const dialogues: Record<string, { name: string; version: string | null; banner: string; rest: string }> = {
  Postfix: {
    name: 'Postfix',
    version: null,
    banner: '220 mx.example.com ESMTP Postfix (Debian/GNU)',
    rest: `
      C: EHLO probe.example.net
      S: 250-mx.example.com
      S: 250-PIPELINING
      S: 250-SIZE 10240000
      S: 250-VRFY
      S: 250-ETRN
      S: 250-STARTTLS
      S: 250-AUTH PLAIN LOGIN
      S: 250-AUTH=PLAIN LOGIN
      S: 250-ENHANCEDSTATUSCODES
      S: 250-8BITMIME
      S: 250-DSN
      S: 250-SMTPUTF8
      S: 250 CHUNKING
      C: MAIL FROM:<t@probe.example.net>
      C: RCPT TO:<u@outside.example.org>
      C: RSET
      S: 250 2.1.0 Ok
      S: 454 4.7.1 <u@outside.example.org>: Relay access denied
      S: 250 2.0.0 Ok
      C: QUIT
      S: 221 2.0.0 Bye`,
  },
  'Postfix, hello only': {
    name: 'Postfix',
    version: '3.5.6',
    banner: '220 mx.example.com ESMTP Postfix 3.5.6',
    rest: `
      C: EHLO probe.example.net
      S: 250-mx.example.com
      S: 250-PIPELINING
      S: 250-SIZE
      S: 250-ENHANCEDSTATUSCODES
      S: 250 8BITMIME
      C: QUIT
      S: 221 2.0.0 Bye`,
  },
  postscreen: {
    name: 'Postfix',
    version: null,
    banner: '220 mx.example.com ESMTP Postfix',
    rest: `
      C: EHLO probe.example.net
      S: 250-mx.example.com
      S: 250-SIZE 10240000
      S: 250-VRFY
      S: 250-ETRN
      S: 250-STARTTLS
      S: 250-ENHANCEDSTATUSCODES
      S: 250-8BITMIME
      S: 250-DSN
      S: 250-SMTPUTF8
      S: 250 CHUNKING
      C: MAIL FROM:<>
      S: 250 2.1.0 Ok
      C: RCPT TO:<postmaster@example.com>
      S: 450 4.3.2 Service currently unavailable
      C: QUIT
      S: 221 2.0.0 Bye`,
  },
  Exim: {
    name: 'Exim',
    version: '4.96',
    banner: '220 mx.example.com ESMTP Exim 4.96 Tue, 01 Sep 2026 10:00:00 +0000',
    rest: `
      C: EHLO probe.example.net
      S: 250-mx.example.com Hello probe.example.net [192.0.2.9]
      S: 250-SIZE 52428800
      S: 250-8BITMIME
      S: 250-PIPELINING
      S: 250-PIPECONNECT
      S: 250-CHUNKING
      S: 250-STARTTLS
      S: 250-PRDR
      S: 250 HELP
      C: MAIL FROM:<t@probe.example.net>
      S: 250 OK
      C: RCPT TO:<postmaster@example.com>
      S: 250 Accepted
      C: RSET
      S: 250 Reset OK
      C: QUIT
      S: 221 mx.example.com closing connection`,
  },
  Sendmail: {
    name: 'Sendmail',
    version: '8.17.1',
    banner: '220 mx.example.com ESMTP Sendmail 8.17.1/8.17.1/Debian-2; Tue, 1 Sep 2026 10:00:00 GMT',
    rest: `
      C: EHLO probe.example.net
      S: 250-mx.example.com Hello probe.example.net [192.0.2.9], pleased to meet you
      S: 250-ENHANCEDSTATUSCODES
      S: 250-PIPELINING
      S: 250-EXPN
      S: 250-VERB
      S: 250-8BITMIME
      S: 250-SIZE
      S: 250-DSN
      S: 250-ETRN
      S: 250-DELIVERBY
      S: 250 HELP
      C: MAIL FROM:<t@probe.example.net>
      S: 250 2.1.0 <t@probe.example.net>... Sender ok
      C: RCPT TO:<u@outside.example.org>
      S: 550 5.7.1 <u@outside.example.org>... Relaying denied
      C: RSET
      S: 250 2.0.0 Reset state
      C: QUIT
      S: 221 2.0.0 mx.example.com closing connection`,
  },
  OpenSMTPD: {
    name: 'OpenSMTPD',
    version: null,
    banner: '220 mx.example.com ESMTP OpenSMTPD',
    rest: `
      C: EHLO probe.example.net
      S: 250-mx.example.com Hello probe.example.net [192.0.2.9], pleased to meet you
      S: 250-8BITMIME
      S: 250-ENHANCEDSTATUSCODES
      S: 250-SIZE 36700160
      S: 250-DSN
      S: 250-STARTTLS
      S: 250 HELP
      C: MAIL FROM:<t@probe.example.net>
      S: 250 2.0.0 Ok
      C: RCPT TO:<u@outside.example.org>
      S: 550 Invalid recipient: <u@outside.example.org>
      C: RSET
      S: 250 2.0.0 Reset state
      C: QUIT
      S: 221 2.0.0 Bye`,
  },
  Exchange: {
    name: 'Exchange',
    version: null,
    banner: '220 EX01.example.com Microsoft ESMTP MAIL Service ready at Tue, 1 Sep 2026 10:00:00 +0000',
    rest: `
      C: EHLO probe.example.net
      S: 250-EX01.example.com Hello [192.0.2.9]
      S: 250-SIZE 37748736
      S: 250-PIPELINING
      S: 250-DSN
      S: 250-ENHANCEDSTATUSCODES
      S: 250-STARTTLS
      S: 250-X-ANONYMOUSTLS
      S: 250-AUTH NTLM
      S: 250-X-EXPS GSSAPI NTLM
      S: 250-8BITMIME
      S: 250-BINARYMIME
      S: 250 CHUNKING
      C: MAIL FROM:<t@probe.example.net>
      S: 250 2.1.0 Sender OK
      C: RCPT TO:<u@outside.example.org>
      S: 550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain
      C: QUIT
      S: 221 2.0.0 Service closing transmission channel`,
  },
  Courier: {
    name: 'Courier',
    version: null,
    banner: '220 mx.example.com Courier ESMTP server ready',
    rest: `
      C: EHLO probe.example.net
      S: 250-mx.example.com Ok.
      S: 250-XVERP=Courier
      S: 250-XEXDATA
      S: 250-XSECURITY=NONE,STARTTLS
      S: 250-PIPELINING
      S: 250-8BITMIME
      S: 250-SIZE
      S: 250 DSN
      C: MAIL FROM:<t@probe.example.net>
      S: 250 Ok.
      C: RCPT TO:<u@outside.example.org>
      S: 513 Relaying denied.
      C: QUIT
      S: 221 Bye.`,
  },
  qmail: {
    name: 'qmail',
    version: null,
    banner: '220 mx.example.com qmail ESMTP',
    rest: `
      C: EHLO probe.example.net
      S: 250-mx.example.com
      S: 250-PIPELINING
      S: 250 8BITMIME
      C: MAIL FROM:<t@probe.example.net>
      S: 250 ok
      C: RCPT TO:<u@outside.example.org>
      S: 553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)
      C: QUIT
      S: 221 mx.example.com`,
  },
  Haraka: {
    name: 'Haraka',
    version: '3.1.6',
    banner: '220 mx.example.com ESMTP Haraka/3.1.6 ready (6F5C)',
    rest: `
      C: EHLO probe.example.net
      S: 250-mx.example.com Hello probe.example.net [192.0.2.9], Haraka is at your service.
      S: 250-PIPELINING
      S: 250-8BITMIME
      S: 250-SMTPUTF8
      S: 250 SIZE 0
      C: MAIL FROM:<t@probe.example.net>
      S: 250 sender <t@probe.example.net> OK
      C: RCPT TO:<u@outside.example.org>
      S: 550 I cannot deliver mail for <u@outside.example.org>
      C: QUIT
      S: 221 mx.example.com closing connection. Have a jolly good day.`,
  },
  Stalwart: {
    name: 'Stalwart',
    version: null,
    banner: '220 mx.example.com Stalwart ESMTP at your service',
    rest: `
      C: EHLO probe.example.net
      S: 250-mx.example.com you had me at EHLO
      S: 250-STARTTLS
      S: 250-SMTPUTF8
      S: 250-SIZE 104857600
      S: 250-PIPELINING
      S: 250-ENHANCEDSTATUSCODES
      S: 250-CHUNKING
      S: 250 8BITMIME
      C: MAIL FROM:<t@probe.example.net>
      S: 250 2.1.0 OK
      C: RCPT TO:<u@outside.example.org>
      S: 550 5.1.2 Relay not allowed.
      C: QUIT
      S: 221 2.0.0 Bye.`,
  },
  'smtp-server': {
    name: 'smtp-server',
    version: null,
    banner: '220 mx.example.com ESMTP',
    rest: `
      C: EHLO probe.example.net
      S: 250-mx.example.com Nice to meet you, [192.0.2.9]
      S: 250-PIPELINING
      S: 250-8BITMIME
      S: 250-SMTPUTF8
      S: 250 STARTTLS
      C: MAIL FROM:<t@probe.example.net>
      S: 250 Accepted
      C: RCPT TO:<u@outside.example.org>
      S: 250 Accepted
      C: VRFY root
      S: 252 Try to send something. No promises though
      C: QUIT
      S: 221 Bye`,
  },
  Dovecot: {
    name: 'Dovecot',
    version: null,
    banner: '220 mx.example.com Dovecot ready.',
    rest: `
      C: EHLO probe.example.net
      S: 250-mx.example.com
      S: 250-8BITMIME
      S: 250-AUTH PLAIN LOGIN
      S: 250-BURL imap
      S: 250-CHUNKING
      S: 250-ENHANCEDSTATUSCODES
      S: 250-PIPELINING
      S: 250-SIZE
      S: 250 STARTTLS
      C: MAIL FROM:<t@probe.example.net>
      S: 530 5.7.0 Authentication required.
      C: STARTTLS
      S: 220 2.0.0 Begin TLS negotiation now.`,
  },
};

const cases = Object.entries(dialogues);

describe('recognises', () => {
  it.each(cases)('%s', (label, { name, version, banner, rest }) => {
    const by = label === 'smtp-server' ? 'reply shapes' : 'reply shapes and banner';
    expect(recognise([session(`S: ${banner}${rest}`)])).toEqual({ name, version, by });
  });

  it.each(cases)('%s with its banner hidden', (_label, { name, rest }) => {
    expect(recognise([session(`S: 220 mx ESMTP${rest}`)])).toEqual({ name, version: null, by: 'reply shapes' });
  });

  it.each(cases)('%s behind a banner that lies', (label, { name, rest }) => {
    const lie = label === 'Exim' ? '220 mx.example.com ESMTP Postfix' : '220 mx.example.com ESMTP Exim 4.96 today';
    expect(recognise([session(`S: ${lie}${rest}`)])).toEqual({ name, version: null, by: 'reply shapes' });
  });

  it('a banner alone, where nothing speaks against it', () => {
    const alone = session('S: 220 mx.example.com ESMTP Exim 4.96 today\nC: QUIT\nS: 221 bye');
    expect(recognise([alone])).toEqual({ name: 'Exim', version: '4.96', by: 'banner' });
  });

  it('the postscreen teaser', () => {
    const teaser = 'S: 220-mx.example.com ESMTP\nS: 220 mx.example.com ESMTP';
    expect(recognise([session(`${teaser}${dialogues.postscreen?.rest}`)]).name).toBe('Postfix');
  });

  it('the version that HELP tells', () => {
    const help = session(
      `S: 220 mx ESMTP${dialogues.Sendmail?.rest}\nC: HELP\nS: 214-2.0.0 This is sendmail version 8.15.2\nS: 214 2.0.0 End of HELP info`,
    );
    expect(recognise([help])).toEqual({ name: 'Sendmail', version: '8.15.2', by: 'reply shapes and banner' });
  });

  it('across sessions, and past AUTH and DATA', () => {
    const first = session('S: 220 mx ESMTP\nC: QUIT\nS: 221 2.0.0 Bye', 's1');
    const second = session(
      `S: 220 mx ESMTP
       C: AUTH LOGIN
       S: 334 VXNlcm5hbWU6
       C: *
       S: 501 5.7.0 Authentication aborted
       C: MAIL FROM:<>
       S: 250 2.1.0 Ok
       C: DATA
       S: 354 End data with <CR><LF>.<CR><LF>
       C: RSET me
       C: .
       S: 250 2.0.0 Ok: queued as 1
       C: RCPT TO:<postmaster>
       S: 250 2.1.5 Ok`,
      's2',
    );
    expect(recognise([first, second]).name).toBe('Postfix');
  });
});

describe('does not guess', () => {
  it.each([
    ['nothing at all', ''],
    ['a web server', 'S: HTTP/1.1 400 Bad Request\nS: Server: nginx'],
    ['a bare minimum', 'S: 220 mx\nC: EHLO x\nS: 250 mx\nC: QUIT\nS: 221 bye'],
    ['a host named postfix', 'S: 220 postfix.example.com ESMTP\nC: QUIT\nS: 221 bye'],
    ['one common word', 'S: 220 mx ESMTP\nC: QUIT\nS: 221 2.0.0 Bye'],
    [
      'words of two',
      'S: 220 mx ESMTP\nC: MAIL FROM:<>\nS: 250 2.1.0 Sender OK\nC: RCPT TO:<u@x>\nS: 550 Invalid recipient: <u@x>',
    ],
    [
      'a banner that a reply contradicts',
      'S: 220 mx ESMTP Exim 4.96\nC: MAIL FROM:<>\nS: 250 2.1.0 Ok\nC: QUIT\nS: 221 x',
    ],
  ])('%s', (_what, dialogue) => {
    expect(recognise([session(dialogue)])).toEqual({ name: null, version: null, by: null });
  });

  it('banners that disagree', () => {
    const one = session('S: 220 mx ESMTP Exim 4.96', 's1');
    const other = session('S: 220 mx ESMTP Postfix', 's2');
    expect(recognise([one, other]).name).toBeNull();
  });
});
