// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Exim writes its expansions like that
import type { Fixes } from '../../model/mtas.ts';
import {
  exchange,
  exchangeFrontend,
  exim,
  eximRcptAcl,
  eximSetting,
  m4,
  opensmtpd,
  postfix,
  postfixErrorLimits,
  sendmail,
  set,
} from './lines.ts';

const sendmailPrivacy = sendmail(m4('define', 'confPRIVACY_FLAGS', 'authwarnings,novrfy,noexpn,noverb,restrictqrun'));

/** The same two names in the aliases file of every MTA that has one. */
const aliasLines = [
  "grep -qi '^postmaster:' /etc/aliases || echo 'postmaster: root' >> /etc/aliases",
  "grep -qi '^abuse:' /etc/aliases || echo 'abuse: postmaster' >> /etc/aliases",
];

const eximDropGuessers = exim(
  eximRcptAcl(
    'drop    message        = too many unknown recipients',
    '        condition      = ${if >{$rcpt_fail_count}{5}}',
  ),
);

/** Nothing makes the note go away but taking mail for nobody. */
const staysOracle =
  '# the note stays, for to refuse unknown users is right; what helps is to make guessing slow, and harvest-brake tells whether it is';

const exchangeTarpit = exchange(exchangeFrontend('-TarpitInterval 00:00:05'));

export const enumerationFixes: Readonly<Record<string, Fixes>> = {
  vrfy: {
    postfix: postfix(set('disable_vrfy_command = yes')),
    exim: exim(eximSetting('acl_smtp_vrfy', 'deny')),
    sendmail: sendmailPrivacy,
  },

  expn: {
    exim: exim(eximSetting('acl_smtp_expn', 'deny')),
    sendmail: sendmailPrivacy,
  },

  'rcpt-oracle': {
    postfix: postfix(
      staysOracle,
      set(
        'smtpd_soft_error_limit = 5',
        'smtpd_hard_error_limit = 10',
        'smtpd_error_sleep_time = 3s',
        'smtpd_client_recipient_rate_limit = 100',
      ),
    ),
    exim: [staysOracle, ...eximDropGuessers],
    sendmail: sendmail(
      staysOracle,
      m4('define', 'confBAD_RCPT_THROTTLE', '2'),
      m4('define', 'confMAX_RCPTS_PER_MESSAGE', '100'),
    ),
    exchange: exchangeTarpit,
  },

  'harvest-brake': {
    postfix: postfix(
      postfixErrorLimits,
      '# over several sessions: recipients that one client may ask for in a minute',
      set('smtpd_client_recipient_rate_limit = 100'),
    ),
    exim: eximDropGuessers,
    sendmail: sendmail(
      '# a second of sleep for each wrong name after the second',
      m4('define', 'confBAD_RCPT_THROTTLE', '2'),
    ),
    exchange: exchangeTarpit,
  },

  backscatter: {
    postfix: postfix(
      set('smtpd_reject_unlisted_recipient = yes'),
      '# where nothing is set there, any local name is taken',
      `[ -n "$(postconf -h local_recipient_maps)" ] || postconf -e 'local_recipient_maps = proxy:unix:passwd.byname $alias_maps'`,
      '# for relay_domains: mail for addresses that are not in this file is refused from now on',
      "echo 'user@example.com OK' >> /etc/postfix/relay_recipients",
      'postconf -e "relay_recipient_maps = $(postconf -h relay_recipient_maps) texthash:/etc/postfix/relay_recipients"',
      '# a catch-all is an @domain entry in one of these tables, or luser_relay',
      'postconf -n virtual_alias_maps virtual_mailbox_maps luser_relay',
    ),
    exim: exim(
      '# in the ACL that acl_smtp_rcpt names, before the accept for your domains',
      'deny    message        = Unknown user',
      '        domains        = +local_domains : +relay_to_domains',
      '        ! verify       = recipient/callout=20s,defer_ok',
    ),
    opensmtpd: opensmtpd(
      '# for domains that you relay for: the addresses that exist, one a line',
      'table recipients file:/etc/mail/recipients',
      'match from any for domain "example.com" rcpt-to <recipients> action "relay_in"',
    ),
    exchange: exchange(
      '& "$env:ExchangeInstallPath\\Scripts\\Install-AntiSpamAgents.ps1"; Restart-Service MSExchangeTransport',
      'Set-RecipientFilterConfig -RecipientValidationEnabled $true',
    ),
  },

  postmaster: {
    postfix: [
      ...postfix(
        aliasLines,
        'newaliases',
        '# where an access table or a filter refuses them, once for each domain of yours',
        "echo 'postmaster@example.com OK' >> /etc/postfix/always_taken",
        "echo 'abuse@example.com OK' >> /etc/postfix/always_taken",
        'postconf -e "smtpd_recipient_restrictions = check_recipient_access texthash:/etc/postfix/always_taken, $(postconf -h smtpd_recipient_restrictions)"',
      ),
      '# for virtual domains, in the table that virtual_alias_maps names:',
      '#   postmaster@example.com  you@example.com',
      'postconf -n virtual_alias_maps virtual_alias_domains virtual_mailbox_domains',
    ],
    exim: [...aliasLines],
    sendmail: [...aliasLines, 'newaliases'],
    opensmtpd: ['# OpenBSD: /etc/mail/aliases', ...aliasLines, 'smtpctl update table aliases'],
    exchange: exchange(
      "Set-Mailbox 'Administrator' -EmailAddresses @{ Add = 'postmaster@example.com', 'abuse@example.com' }",
    ),
  },
};
