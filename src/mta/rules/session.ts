import type { Stage } from '../meanings.ts';
import { type ReplyRule, relayStages } from './rule.ts';

const anyButAuth: readonly Stage[] = ['greeting', 'helo', 'starttls', ...relayStages];

/**
 * What went wrong between the two of us: a dialogue out of step, AUTH, the wrong moment, a command that is not there.
 */
export const sessionRules: readonly ReplyRule[] = [
  {
    meaning: 'bare-newline',
    text: /bare (<> received|line-?feed|newline|lf\b|cr\b)|smtplf\.html|barelf\.html/i,
    from: 'Postfix, Haraka, qmail, qpsmtpd',
  },
  {
    meaning: 'out-of-sync',
    text: /synchroni[sz]ation|you talk too soon|use of smtp command pipelining|pipelining not supported|no commands allowed to pipeline|protocol violation/i,
    from: 'Postfix, Exim, OpenSMTPD, smtp-server, nginx, Gmail',
  },
  {
    meaning: 'line-too-long',
    text: /(line|command) too long/i,
    from: 'Postfix, Sendmail, OpenSMTPD, Haraka, Dovecot, aiosmtpd',
  },
  {
    meaning: 'not-smtp',
    text: /\blhlo\b|\blmtp\b|\buser and pass\b|log ?in with|not logged in|aren't logged in|not understood/i,
    stages: ['helo'],
    from: 'Cyrus lmtpd; vsftpd, ProFTPD, Pure-FTPd, FileZilla',
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
    text: /(invalid|unsupported|unknown|unrecogni[sz]ed|no|unimplemented) (authenti(fi)?cation |sasl )?(mechanism|method|type)\b|(mechanism|method) .{0,60}not (available|supported)/i,
    stages: ['auth'],
    from: 'Postfix, Exim, Sendmail, OpenSMTPD, Stalwart, smtp-server, qpsmtpd',
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

  {
    meaning: 'bad-sequence',
    text: /need (mail|rcpt)\b|nested mail|transaction in progress|send (helo|ehlo|hello)|say h?ello|say helo|(helo|ehlo)( or (helo|ehlo))? (required|first)|introduce yourself|(rcpt|mail) required first|no valid recipients|no recipients? specified|must precede data|after bdat|sender (already|not yet) given|already (authenticated|identified|active|secured)|identity changes|not allowed at this point|send auth command first|all rcpt commands were rejected|bad sequence|use mail before rcpt|^(rcpt|mail) first$/i,
    from: 'all',
  },
  { meaning: 'bad-sequence', text: /^esmtp command error/i, stages: ['mail', 'rcpt', 'data'], from: 'Courier' },
  {
    meaning: 'disabled-command',
    text: /administrative prohibition|(vrfy|expn)( command)? is disabled|(vrfy|expn) disabled|cannot (vrfy|expn)|vrfy disallowed/i,
    stages: ['vrfy', 'expn'],
    from: 'Postfix, Exim, Sendmail, Courier, Stalwart, hMailServer',
  },
  {
    meaning: 'not-smtp',
    text: /command not (implemented|recogni[sz]ed|supported)|command unrecogni[sz]ed|(unrecogni[sz]ed|unknown|unsupported) command/i,
    stages: ['helo'],
    from: 'Dovecot lmtp, other protocols: EHLO and HELO are known to every SMTP server (RFC 5321 §4.5.1)',
  },
  {
    meaning: 'disabled-command',
    text: /command not (implemented|recogni[sz]ed|supported|enabled)|command unrecogni[sz]ed|(unrecogni[sz]ed|unknown|unsupported) command|\bnot recogni[sz]ed$|(expn|vrfy) not implemented|unimplemented|do not allow this operation|http requests not allowed|starttls command used when not advertised/i,
    stages: anyButAuth,
    from: 'Postfix, Exim, Sendmail, OpenSMTPD, Exchange, Haraka, qmail, smtp-server, aiosmtpd',
  },
  {
    meaning: 'server-error',
    text: /tls (currently )?(not available|unavailable)/i,
    code: /^4/,
    from: 'Postfix, Exim, Sendmail, Courier',
  },
  { meaning: 'disabled-command', text: /tls not available/i, code: /^5/, from: 'Sendmail, Courier' },
];
