import { type ReplyRule, recipientStages } from './rule.ts';

/** The server's own trouble, which may come with an object and is no judgement of it. */
export const troubleRules: readonly ReplyRule[] = [
  {
    meaning: 'certificate-required',
    text: /no (required )?(ssl |client )?certificate|ssl certificate error|client certificate (is )?(required|needed|not trusted)/i,
    from: 'Postfix, nginx',
  },
  {
    meaning: 'proxy-expected',
    text: /\bserver local error$|\bproxy (protocol|header|timed out|format|line)\b/i,
    stages: ['greeting', 'helo', 'other'],
    from: 'Postfix smtpd_upstream_proxy_protocol, Haraka haproxy_hosts',
  },
  {
    meaning: 'shutting-down',
    text: /\bshutting down\b|\bgoing down\b|\bbeing shut ?down\b|server (is )?stopping/i,
    from: 'Exim, Dovecot, Exchange, smtp-server',
  },
  {
    meaning: 'backend-down',
    text: /(cannot|can't|could ?n[o']t|unable to|failed to) (connect|reach|contact)\b.{0,60}\b(back-?end|upstream|server|proxy|filter|relay)|\b(back-?end|upstream)\b.{0,40}\b(down|unavailable|not available|failed|failure|error)/i,
    from: 'proxies, filters in front',
  },
  {
    meaning: 'server-error',
    text: /server configuration (error|problem)|temporary lookup failure|no plugin decided/i,
    from: 'Postfix, Sendmail, qpsmtpd',
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
];

/**
 * The same in plainer words, which others use as well: they come after what is said of client, sender and recipient.
 */
export const plainTroubleRule: ReplyRule = {
  meaning: 'server-error',
  text: /temporary (local |server )?(problem|failure|error)|local problem|insufficient (system storage|disk)|space shortage|server local (data )?error|mail system error|internal (server )?error|program fault|out of memory|queue file write error|ports are busy|no system resources|too much load|high load|load too high|cannot resolve <> at this time|dns temporary failure|^error: service unavailable|system temporar(il)?y unavailable/i,
  from: 'Postfix, postscreen, Exim, Sendmail, OpenSMTPD, Exchange, maddy, nginx, qpsmtpd, chkuser',
};
