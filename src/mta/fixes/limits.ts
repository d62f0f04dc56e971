// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Exim writes its expansions like that
import type { Fixes } from '../../model/mtas.ts';
import { exim, eximMain, m4, postfix, sendmail, set } from './lines.ts';

/** Limits of Postfix's share one window, and leave out whom `smtpd_client_event_limit_exceptions` names. */
const postfixLimit = (setting: string): readonly string[] =>
  postfix(
    set(setting),
    '# the window of all client limits, and who is left out of them',
    set('anvil_rate_time_unit = 60s', 'smtpd_client_event_limit_exceptions = $mynetworks'),
  );

const sendmailRates = sendmail(
  m4('FEATURE', 'access_db'),
  m4('FEATURE', 'ratecontrol', 'nodelay', 'terminate'),
  m4('FEATURE', 'conncontrol', 'nodelay', 'terminate'),
  '# /etc/mail/access: for everybody without a line of their own',
  '#ClientRate:    30',
  '#ClientConn:    10',
);

export const limitFixes: Readonly<Record<string, Fixes>> = {
  'connection-rate': {
    postfix: postfixLimit('smtpd_client_connection_rate_limit = 30'),
    exim: exim(
      '# in the ACL that acl_smtp_connect names',
      'defer   message        = Too many connections, try again later',
      '        ratelimit      = 30 / 1m / per_conn / strict',
    ),
    sendmail: sendmailRates,
  },

  'connection-count': {
    postfix: [
      '# well below the processes of the service (default_process_limit, or maxproc in master.cf)',
      ...postfixLimit('smtpd_client_connection_count_limit = 10'),
    ],
    exim: exim(eximMain, 'smtp_accept_max = 100', 'smtp_accept_max_per_host = 10'),
    sendmail: sendmailRates,
    courier: ['# /etc/courier/esmtpd', 'MAXDAEMONS=40', 'MAXPERIP=4', 'systemctl restart courier-mta'],
  },

  'message-rate': {
    postfix: postfixLimit('smtpd_client_message_rate_limit = 60'),
    exim: exim(
      '# in the ACL that acl_smtp_mail names',
      'defer   message        = Too much mail, try again later',
      '        ratelimit      = 60 / 1m / per_mail / strict',
    ),
  },

  'recipient-rate': {
    postfix: postfixLimit('smtpd_client_recipient_rate_limit = 100'),
    exim: exim(
      '# first in the ACL that acl_smtp_rcpt names',
      'defer   message        = Too many recipients, try again later',
      '        ratelimit      = 100 / 1m / per_rcpt / strict',
    ),
  },

  'auth-rate': {
    postfix: ['# Postfix 3.1 and later', ...postfixLimit('smtpd_client_auth_rate_limit = 20')],
    exim: exim(
      '# in the ACL that acl_smtp_auth names',
      'defer   message        = Too many logins, try again later',
      '        ratelimit      = 20 / 1m / per_cmd / strict',
    ),
  },

  'tls-session-rate': {
    postfix: [
      '# no lower than smtpd_client_connection_count_limit',
      ...postfixLimit('smtpd_client_new_tls_session_rate_limit = 60'),
    ],
  },
};
