// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Exim writes its expansions like that
import type { Fixes } from '../../model/mtas.ts';
import {
  dovecot,
  exchange,
  exchangeClients,
  exchangeFrontend,
  exim,
  eximSetting,
  m4,
  opensmtpd,
  opensmtpdListen,
  postfix,
  sendmail,
  sendmailNoListener,
  sendmailSubmission,
  set,
  setFor,
} from './lines.ts';

const dovecotMechanisms = [
  ...dovecot('10-auth.conf', 'auth_mechanisms = plain login'),
  ...postfix('# a process of Postfix asks Dovecot for its mechanisms once in its life'),
];

const eximAuthInsideTls = eximSetting('auth_advertise_hosts', '${if eq{$tls_in_cipher}{}{}{*}}');

export const authFixes: Readonly<Record<string, Fixes>> = {
  'auth-before-tls': {
    postfix: postfix(
      set('smtpd_tls_auth_only = yes'),
      '# on the submission port, nothing at all before TLS',
      setFor('submission', 'smtpd_tls_security_level=encrypt'),
    ),
    dovecot: dovecot(
      '10-ssl.conf',
      'ssl = required',
      '# no plaintext mechanism without TLS: the default, unless one of these is set (auth_allow_cleartext since Dovecot 2.4)',
      "sed -i -E 's/^ *(disable_plaintext_auth|auth_allow_cleartext) *=/#&/' /etc/dovecot/dovecot.conf /etc/dovecot/conf.d/*.conf",
    ),
    exim: exim(
      eximAuthInsideTls,
      '# Debian: and no AUTH_SERVER_ALLOW_NOTLS_PASSWORDS in the same file',
      "sed -i '/^AUTH_SERVER_ALLOW_NOTLS_PASSWORDS/d' /etc/exim4/exim4.conf.localmacros",
    ),
    sendmail: sendmail(
      '# p: no plaintext mechanism without TLS; y: no anonymous one',
      m4('define', 'confAUTH_OPTIONS', 'A p y'),
    ),
    exchange: exchange(
      exchangeClients('-AuthMechanism Tls, BasicAuth, BasicAuthRequireTLS, Integrated'),
      exchangeFrontend('-AuthMechanism Tls, ExchangeServer'),
    ),
  },

  'auth-after-tls': {
    postfix: postfix(
      setFor('submission', 'smtpd_sasl_auth_enable=yes'),
      set(
        'smtpd_sasl_type = dovecot',
        'smtpd_sasl_path = private/auth',
        'smtpd_sasl_tls_security_options = noanonymous',
      ),
      '# the socket must be there; Dovecot makes it',
      'ls -l /var/spool/postfix/private/auth',
    ),
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
    exim: exim(
      '# authenticators section; Debian: the examples in /etc/exim4/conf.d/auth/30_exim4-config_examples',
      'plain_server:',
      '  driver = plaintext',
      '  public_name = PLAIN',
      '  server_prompts = :',
      '  server_condition = "${if crypteq{$auth3}{${extract{1}{:}{${lookup{$auth2}lsearch{/etc/exim4/passwd}{$value}{*:*}}}}}{1}{0}}"',
      '  server_set_id = $auth2',
      '  server_advertise_condition = ${if eq{$tls_in_cipher}{}{}{*}}',
    ),
    sendmail: sendmail(m4('TRUST_AUTH_MECH', 'PLAIN LOGIN'), m4('define', 'confAUTH_MECHANISMS', 'PLAIN LOGIN')),
    opensmtpd: opensmtpd(opensmtpdListen('submission', 'tls-require')),
    exchange: exchange(
      exchangeClients('-AuthMechanism Tls, BasicAuth, BasicAuthRequireTLS, Integrated -PermissionGroups ExchangeUsers'),
    ),
  },

  'auth-anonymous': {
    postfix: postfix(set('smtpd_sasl_security_options = noanonymous', 'smtpd_sasl_tls_security_options = noanonymous')),
    dovecot: dovecotMechanisms,
    exim: exim(
      '# delete the authenticator whose public_name is ANONYMOUS',
      'exim4 -bP authenticators | grep -i public_name',
    ),
    sendmail: sendmail(m4('define', 'confAUTH_OPTIONS', 'A p y')),
  },

  'auth-weak': {
    postfix: postfix(
      '# Postfix 3.6 and later; before, leave them out where they come from: auth_mechanisms (Dovecot) or mech_list (Cyrus SASL)',
      'postconf -e "smtpd_sasl_mechanism_filter = !cram-md5, !digest-md5, !ntlm, $(postconf -h smtpd_sasl_mechanism_filter)"',
    ),
    dovecot: dovecotMechanisms,
    exim: exim(
      '# delete the authenticators that offer CRAM-MD5, DIGEST-MD5 or NTLM: the finding stays until that is done',
      'exim4 -bP authenticators | grep -iE "public_name|driver"',
    ),
    sendmail: sendmail(m4('TRUST_AUTH_MECH', 'PLAIN LOGIN'), m4('define', 'confAUTH_MECHANISMS', 'PLAIN LOGIN')),
    exchange: exchange(
      '# NTLM comes with Integrated',
      exchangeClients('-AuthMechanism Tls, BasicAuth, BasicAuthRequireTLS'),
      exchangeFrontend('-AuthMechanism Tls, ExchangeServer'),
    ),
  },

  'auth-on-mx': {
    postfix: postfix(
      '# users log in on the submission ports only; port 465 is called submissions, or smtps in an older master.cf',
      setFor('submission', 'smtpd_sasl_auth_enable=yes'),
      setFor('submissions', 'smtpd_sasl_auth_enable=yes'),
      set('smtpd_sasl_auth_enable = no'),
    ),
    exim: exim(
      '# users log in on another port: daemon_smtp_ports = 25 : 587',
      eximSetting('auth_advertise_hosts', '${if or{{eq{$tls_in_cipher}{}}{eq{$received_port}{25}}}{}{*}}'),
    ),
    sendmail: sendmail(
      '# A: no AUTH on this port; a: AUTH is a must',
      sendmailNoListener('smtp'),
      m4('DAEMON_OPTIONS', 'Port=smtp, Name=MTA, M=A'),
      sendmailSubmission,
    ),
    opensmtpd: opensmtpd(
      '# port 25 without auth, the submission port with it',
      opensmtpdListen('smtp', 'tls'),
      opensmtpdListen('submission', 'tls-require'),
    ),
    exchange: exchange(exchangeFrontend('-AuthMechanism Tls, ExchangeServer')),
  },

  'auth-state': {
    postfix: [
      '# Postfix keeps to these rules: look for a proxy or a filter in front of it',
      'postconf -n smtpd_proxy_filter smtpd_milters; postconf -M',
    ],
    exim: ['# Exim keeps to these rules unless an ACL lifts one', "grep -rn 'allow_auth_unadvertised' /etc/exim4"],
  },
};
