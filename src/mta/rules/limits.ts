import type { ReplyRule } from './rule.ts';

/** What counts is told by the command; "overlimit" is what Exim's manual shows for its `ratelimit`. */
const rateWords = /rate ?limit.{0,40} exceeded|rate over-?limit/i;

/** What Exim adds to the refusal of one mistake too many, on a line of its own. */
export const lastStraw: ReplyRule = {
  meaning: 'limit-errors',
  text: /^too many (syntax or protocol errors|unrecognized commands|nonmail commands)$/i,
  from: 'Exim',
};

/** Limits: their words are their own, and they can come in answer to anything. */
export const limitRules: readonly ReplyRule[] = [
  { meaning: 'limit-tls', text: /too many new tls sessions/i, from: 'Postfix' },
  {
    meaning: 'limit-auth',
    text: /too many (auth commands|auth(entication)? (errors|failures|attempts)|(failed )?log-?ins?\b)/i,
    from: 'Postfix, Stalwart',
  },
  {
    meaning: 'limit-errors',
    text: /too many (protocol )?errors|too many (bad|unrecogni[sz]ed|unknown|invalid|unauthenticated|nonmail) (commands|recipients)|too many syntax or protocol errors|too many recipient attempts|sent too many times/i,
    from: 'Postfix, Exim, Sendmail, Exchange, Haraka, Stalwart, smtp-server, aiosmtpd',
  },
  {
    meaning: 'limit-connections',
    text: /too many (concurrent |open |simultaneous ){0,2}(smtp )?(connections|sessions)|too many connected clients|maximum number of concurrent|connection rate limit|(ip|connection) frequency limited|^hl:i[cf]c\b/i,
    from: 'Postfix, postscreen, Exim, Sendmail, Exchange, Haraka, smtp-server, QQ, 163',
  },
  { meaning: 'limit-connections', text: /^try again later, closing connection/i, code: /^421$/, from: 'Gmail' },
  {
    meaning: 'limit-transactions',
    text: /too many (messages|transactions|e-?mails) (in|on|for|during) (this|one|a|the) (connection|session)|too many transactions/i,
    from: 'Exim smtp_accept_max_per_connection, Exchange, smtp-server',
  },
  {
    meaning: 'limit-messages',
    text: /too much mail|too many messages|message submission rate|maximum number of messages|unusual rate of|exceeded your (messaging|sending) limit|domain frequency limited/i,
    from: 'Postfix, Exim, OpenSMTPD, Exchange, Stalwart, Gmail, qmail overlimit, QQ',
  },
  { meaning: 'limit-recipient-rate', text: /too many recipients from (…|\[?[\da-f:.]{3,})/i, from: 'Postfix' },
  { meaning: 'limit-recipient-rate', text: /recipient rate limit/i, from: 'Haraka' },
  { meaning: 'limit-auth', text: rateWords, stages: ['auth'], from: 'Exim acl_smtp_auth, policy daemons' },
  { meaning: 'limit-recipient-rate', text: rateWords, stages: ['rcpt', 'vrfy'], from: 'Stalwart, rspamd' },
  { meaning: 'limit-messages', text: rateWords, stages: ['mail', 'data', 'other'], from: 'Stalwart, rspamd' },
  { meaning: 'limit-connections', text: rateWords, stages: ['greeting', 'helo'], from: 'Stalwart, policy daemons' },
  {
    meaning: 'limit-recipients-per-message',
    text: /too many recipients|maximum number of recipients|multiple destination domains per transaction|domain policy size per transaction/i,
    from: 'all; chkuser, Gmail',
  },
  {
    meaning: 'idle-timeout',
    text: /timeout exceeded|timeout waiting|timeout - closing|(command|data) timeout|^(connection )?time(d )?out\b|session open for too long/i,
    about: ['unsaid'],
    from: 'Postfix, Exim, Sendmail, qmail, Stalwart, smtp-server',
  },
];
