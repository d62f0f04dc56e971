// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Exim writes its expansions like that
import type { Fixes } from '../fixes.ts';
import {
  exchangeNames,
  eximSetting,
  opensmtpdListen,
  rebuildSendmail,
  reloadPostfix,
  restartDovecot,
  restartExim,
  restartOpensmtpd,
  sendmailMc,
  sendmailSubmission,
  smtpdConf,
} from './apply.ts';

const dovecotMechanisms = [
  '# conf.d/10-auth.conf',
  'auth_mechanisms = plain login',
  restartDovecot,
  '# a process of Postfix asks Dovecot for its mechanisms once in its life',
  reloadPostfix,
];

const eximAuthInsideTls = eximSetting('auth_advertise_hosts', '${if eq{$tls_in_cipher}{}{}{*}}');

export const authFixes: Readonly<Record<string, Fixes>> = {
  'auth-before-tls': {
    postfix: [
      "postconf -e 'smtpd_tls_auth_only = yes'",
      '# on the submission port, nothing at all before TLS',
      "postconf -P 'submission/inet/smtpd_tls_security_level=encrypt'",
      reloadPostfix,
    ],
    dovecot: [
      '# conf.d/10-ssl.conf',
      'ssl = required',
      '# no plaintext mechanism without TLS: the default, unless one of these is set (auth_allow_cleartext since Dovecot 2.4)',
      "sed -i -E 's/^ *(disable_plaintext_auth|auth_allow_cleartext) *=/#&/' /etc/dovecot/dovecot.conf /etc/dovecot/conf.d/*.conf",
      restartDovecot,
    ],
    exim: [
      ...eximAuthInsideTls,
      '# Debian: and no AUTH_SERVER_ALLOW_NOTLS_PASSWORDS in the same file',
      "sed -i '/^AUTH_SERVER_ALLOW_NOTLS_PASSWORDS/d' /etc/exim4/exim4.conf.localmacros",
      restartExim,
    ],
    sendmail: [
      sendmailMc,
      '# p: no plaintext mechanism without TLS; y: no anonymous one',
      "define(`confAUTH_OPTIONS', `A p y')dnl",
      rebuildSendmail,
    ],
    exchange: [
      exchangeNames,
      "Set-ReceiveConnector 'EX01\\Client Frontend EX01' -AuthMechanism Tls, BasicAuth, BasicAuthRequireTLS, Integrated",
      "Set-ReceiveConnector 'EX01\\Default Frontend EX01' -AuthMechanism Tls, ExchangeServer",
    ],
  },

  'auth-after-tls': {
    postfix: [
      "postconf -P 'submission/inet/smtpd_sasl_auth_enable=yes'",
      "postconf -e 'smtpd_sasl_type = dovecot'",
      "postconf -e 'smtpd_sasl_path = private/auth'",
      "postconf -e 'smtpd_sasl_tls_security_options = noanonymous'",
      '# the socket must be there; Dovecot makes it',
      'ls -l /var/spool/postfix/private/auth',
      reloadPostfix,
    ],
    dovecot: [
      '# conf.d/10-auth.conf',
      'auth_mechanisms = plain login',
      '# conf.d/10-master.conf',
      'service auth {',
      '  unix_listener /var/spool/postfix/private/auth {',
      '    mode = 0660',
      '    user = postfix',
      '    group = postfix',
      '  }',
      '}',
      'systemctl restart dovecot',
    ],
    exim: [
      '# authenticators section; Debian: the examples in /etc/exim4/conf.d/auth/30_exim4-config_examples',
      'plain_server:',
      '  driver = plaintext',
      '  public_name = PLAIN',
      '  server_prompts = :',
      '  server_condition = "${if crypteq{$auth3}{${extract{1}{:}{${lookup{$auth2}lsearch{/etc/exim4/passwd}{$value}{*:*}}}}}{1}{0}}"',
      '  server_set_id = $auth2',
      '  server_advertise_condition = ${if eq{$tls_in_cipher}{}{}{*}}',
      restartExim,
    ],
    sendmail: [
      sendmailMc,
      "TRUST_AUTH_MECH(`PLAIN LOGIN')dnl",
      "define(`confAUTH_MECHANISMS', `PLAIN LOGIN')dnl",
      rebuildSendmail,
    ],
    opensmtpd: [smtpdConf, ...opensmtpdListen('submission', 'tls-require'), restartOpensmtpd],
    exchange: [
      exchangeNames,
      "Set-ReceiveConnector 'EX01\\Client Frontend EX01' -AuthMechanism Tls, BasicAuth, BasicAuthRequireTLS, Integrated -PermissionGroups ExchangeUsers",
    ],
  },

  'auth-anonymous': {
    postfix: [
      "postconf -e 'smtpd_sasl_security_options = noanonymous'",
      "postconf -e 'smtpd_sasl_tls_security_options = noanonymous'",
      reloadPostfix,
    ],
    dovecot: dovecotMechanisms,
    exim: [
      '# delete the authenticator whose public_name is ANONYMOUS',
      'exim4 -bP authenticators | grep -i public_name',
      restartExim,
    ],
    sendmail: [sendmailMc, "define(`confAUTH_OPTIONS', `A p y')dnl", rebuildSendmail],
  },

  'auth-weak': {
    postfix: [
      '# Postfix 3.6 and later; before, leave them out where they come from: auth_mechanisms (Dovecot) or mech_list (Cyrus SASL)',
      "postconf -e 'smtpd_sasl_mechanism_filter = !external, !cram-md5, !digest-md5, !ntlm, static:rest'",
      reloadPostfix,
    ],
    dovecot: dovecotMechanisms,
    exim: [
      '# delete the authenticators that offer CRAM-MD5, DIGEST-MD5 or NTLM',
      'exim4 -bP authenticators | grep -iE "public_name|driver"',
      restartExim,
    ],
    sendmail: [
      sendmailMc,
      "TRUST_AUTH_MECH(`PLAIN LOGIN')dnl",
      "define(`confAUTH_MECHANISMS', `PLAIN LOGIN')dnl",
      rebuildSendmail,
    ],
    exchange: [
      exchangeNames,
      '# NTLM comes with Integrated',
      "Set-ReceiveConnector 'EX01\\Client Frontend EX01' -AuthMechanism Tls, BasicAuth, BasicAuthRequireTLS",
      "Set-ReceiveConnector 'EX01\\Default Frontend EX01' -AuthMechanism Tls, ExchangeServer",
    ],
  },

  'auth-on-mx': {
    postfix: [
      '# users log in on the submission ports only; port 465 is called submissions, or smtps in an older master.cf',
      "postconf -P 'submission/inet/smtpd_sasl_auth_enable=yes'",
      "postconf -P 'submissions/inet/smtpd_sasl_auth_enable=yes'",
      "postconf -e 'smtpd_sasl_auth_enable = no'",
      reloadPostfix,
    ],
    exim: [
      '# users log in on another port: daemon_smtp_ports = 25 : 587',
      ...eximSetting('auth_advertise_hosts', '${if or{{eq{$tls_in_cipher}{}}{eq{$received_port}{25}}}{}{*}}'),
      restartExim,
    ],
    sendmail: [
      sendmailMc,
      '# A: no AUTH on this port; a: AUTH is a must',
      "DAEMON_OPTIONS(`Port=smtp, Name=MTA, M=A')dnl",
      ...sendmailSubmission,
      rebuildSendmail,
    ],
    opensmtpd: [
      smtpdConf,
      '# port 25 without auth, the submission port with it',
      ...opensmtpdListen('smtp', 'tls'),
      ...opensmtpdListen('submission', 'tls-require'),
      restartOpensmtpd,
    ],
    exchange: [exchangeNames, "Set-ReceiveConnector 'EX01\\Default Frontend EX01' -AuthMechanism Tls, ExchangeServer"],
  },

  'auth-state': {
    postfix: [
      '# Postfix keeps to these rules: look for a proxy or a filter in front of it',
      'postconf -n smtpd_proxy_filter smtpd_milters; postconf -M',
    ],
    exim: ['# Exim keeps to these rules unless an ACL lifts one', "grep -rn 'allow_auth_unadvertised' /etc/exim4"],
  },
};
