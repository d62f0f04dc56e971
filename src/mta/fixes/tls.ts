// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Exim writes its expansions like that
import type { Fixes } from '../fixes.ts';
import {
  exchangeNames,
  eximMailAcl,
  eximMain,
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

const live = '/etc/letsencrypt/live/mx.example.com';

const postfixCertificate = [
  '# the certificate with its chain, and its key',
  `postconf -e 'smtpd_tls_cert_file = ${live}/fullchain.pem'`,
  `postconf -e 'smtpd_tls_key_file = ${live}/privkey.pem'`,
  '# where this is set (Postfix 3.4 and later) it wins over the two above',
  'postconf -X smtpd_tls_chain_files',
];

const eximCertificate = [
  '# Debian: /etc/exim4/exim4.conf.localmacros; elsewhere tls_advertise_hosts = *, tls_certificate and tls_privatekey',
  "sed -i -E '/^(MAIN_TLS_(ENABLE|ADVERTISE_HOSTS|CERTKEY|CERTIFICATE|PRIVATEKEY)|tls_(advertise_hosts|certificate|privatekey)) *=/d' /etc/exim4/exim4.conf.localmacros",
  'MAIN_TLS_ENABLE = yes',
  '# readable for the group Debian-exim',
  'MAIN_TLS_CERTIFICATE = /etc/exim4/tls/fullchain.pem',
  'MAIN_TLS_PRIVATEKEY = /etc/exim4/tls/privkey.pem',
  restartExim,
];

const sendmailCertificate = [
  sendmailMc,
  '# the key must be readable for root only',
  "define(`confSERVER_CERT', `/etc/mail/tls/fullchain.pem')dnl",
  "define(`confSERVER_KEY', `/etc/mail/tls/privkey.pem')dnl",
  "define(`confCACERT_PATH', `/etc/ssl/certs')dnl",
  "define(`confCACERT', `/etc/ssl/certs/ca-certificates.crt')dnl",
  rebuildSendmail,
];

const opensmtpdCertificate = [
  smtpdConf,
  'pki mx.example.com cert "/etc/ssl/mx.example.com.fullchain.pem"',
  'pki mx.example.com key "/etc/ssl/private/mx.example.com.key"',
  ...opensmtpdListen('smtp', 'tls'),
  restartOpensmtpd,
];

const exchangeCertificate = [
  exchangeNames,
  'Get-ExchangeCertificate | Format-List Thumbprint, Subject, NotAfter, Services',
  "Enable-ExchangeCertificate -Thumbprint '0123456789ABCDEF0123456789ABCDEF01234567' -Services SMTP",
  "Set-ReceiveConnector 'EX01\\Default Frontend EX01' -AuthMechanism Tls, ExchangeServer",
];

const dovecotCertificate = [
  '# conf.d/10-ssl.conf',
  `ssl_cert = <${live}/fullchain.pem`,
  `ssl_key = <${live}/privkey.pem`,
  `# since Dovecot 2.4: ssl_server_cert_file = ${live}/fullchain.pem and ssl_server_key_file = ${live}/privkey.pem`,
  restartDovecot,
];

/** A handshake that fails is mostly a key that does not fit, cannot be read, or is older than what peers take. */
const keyFits = (certificate: string, key: string): string[] => [
  '# certificate and key fit when these two lines print the same',
  `openssl x509 -noout -pubkey -in ${certificate} | sha256sum`,
  `openssl pkey -pubout -in ${key} | sha256sum`,
];

export const tlsFixes: Readonly<Record<string, Fixes>> = {
  'starttls-offer': {
    postfix: [
      ...postfixCertificate,
      "postconf -e 'smtpd_tls_security_level = may'",
      "postconf -P 'submission/inet/smtpd_tls_security_level=encrypt'",
      "postconf -e 'smtpd_discard_ehlo_keywords ='",
      reloadPostfix,
    ],
    exim: eximCertificate,
    sendmail: sendmailCertificate,
    opensmtpd: opensmtpdCertificate,
    exchange: exchangeCertificate,
    dovecot: ['# conf.d/10-ssl.conf', 'ssl = required', ...dovecotCertificate.slice(1)],
  },

  'starttls-works': {
    postfix: [
      ...keyFits(`${live}/fullchain.pem`, `${live}/privkey.pem`),
      ...postfixCertificate,
      reloadPostfix,
      '# what Postfix says of it',
      "grep -hE 'postfix/.*smtpd.*(TLS|cert|key)' /var/log/mail.log | tail",
    ],
    exim: [
      ...keyFits('/etc/exim4/tls/fullchain.pem', '/etc/exim4/tls/privkey.pem'),
      ...eximCertificate,
      '# what Exim says of it',
      "grep -h 'TLS error' /var/log/exim4/mainlog | tail",
    ],
    sendmail: [...keyFits('/etc/mail/tls/fullchain.pem', '/etc/mail/tls/privkey.pem'), ...sendmailCertificate],
    opensmtpd: [
      ...keyFits('/etc/ssl/mx.example.com.fullchain.pem', '/etc/ssl/private/mx.example.com.key'),
      ...opensmtpdCertificate,
    ],
    exchange: exchangeCertificate,
    dovecot: [...keyFits(`${live}/fullchain.pem`, `${live}/privkey.pem`), ...dovecotCertificate],
  },

  'tls-certificate': {
    postfix: [
      ...postfixCertificate,
      reloadPostfix,
      '# and after each renewal',
      "certbot reconfigure --cert-name mx.example.com --deploy-hook 'postfix reload'",
    ],
    exim: eximCertificate,
    sendmail: sendmailCertificate,
    opensmtpd: opensmtpdCertificate,
    exchange: exchangeCertificate,
    dovecot: dovecotCertificate,
  },

  'tls-required': {
    postfix: ["postconf -P 'submission/inet/smtpd_tls_security_level=encrypt'", reloadPostfix],
    dovecot: ['# conf.d/10-ssl.conf', 'ssl = required', restartDovecot],
    exim: [
      ...eximMailAcl(
        'tls-required',
        'deny    message        = Must issue a STARTTLS command first',
        '        condition      = ${if eq{$received_port}{587}}',
        '        ! encrypted    = *',
      ),
      ...eximSetting('auth_advertise_hosts', '${if eq{$tls_in_cipher}{}{}{*}}'),
      restartExim,
    ],
    sendmail: [
      sendmailMc,
      '# login is a must on 587, and no plaintext login without TLS',
      ...sendmailSubmission,
      "define(`confAUTH_OPTIONS', `A p y')dnl",
      rebuildSendmail,
    ],
    opensmtpd: [smtpdConf, ...opensmtpdListen('submission', 'tls-require'), restartOpensmtpd],
    exchange: [exchangeNames, "Set-ReceiveConnector 'EX01\\Client Frontend EX01' -RequireTLS $true"],
  },

  'tls-version': {
    postfix: [
      '# Postfix 3.6 and later take >=TLSv1.2 as well',
      "postconf -e 'smtpd_tls_protocols = !SSLv2, !SSLv3, !TLSv1, !TLSv1.1'",
      "postconf -e 'smtpd_tls_mandatory_protocols = !SSLv2, !SSLv3, !TLSv1, !TLSv1.1'",
      reloadPostfix,
    ],
    dovecot: ['# conf.d/10-ssl.conf', 'ssl_min_protocol = TLSv1.2', restartDovecot],
    exim: [
      '# built with GnuTLS, as in Debian',
      ...eximSetting('tls_require_ciphers', 'NORMAL:-VERS-TLS1.0:-VERS-TLS1.1'),
      '# built with OpenSSL (exim -bV says which)',
      '#openssl_options = +no_sslv2 +no_sslv3 +no_tlsv1 +no_tlsv1_1',
      restartExim,
    ],
    sendmail: [
      sendmailMc,
      "define(`confSERVER_SSL_OPTIONS', `+SSL_OP_NO_SSLv2 +SSL_OP_NO_SSLv3 +SSL_OP_NO_TLSv1 +SSL_OP_NO_TLSv1_1')dnl",
      rebuildSendmail,
    ],
    opensmtpd: [smtpdConf, ...opensmtpdListen('smtp', 'tls protocols "tlsv1.2,tlsv1.3"'), restartOpensmtpd],
    exchange: [
      '# PowerShell as administrator, then restart the machine',
      ...['TLS 1.0', 'TLS 1.1'].flatMap((version) => {
        const key = `'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\${version}\\Server'`;
        return [
          `New-Item ${key} -Force | Out-Null`,
          `Set-ItemProperty ${key} -Name Enabled -Value 0 -Type DWord`,
          `Set-ItemProperty ${key} -Name DisabledByDefault -Value 1 -Type DWord`,
        ];
      }),
    ],
  },

  'starttls-injection': {
    postfix: [
      '# fixed in 2.4.16, 2.5.12, 2.6.9, 2.7.3 and 2.8.0 (CVE-2011-0411): update the package',
      'postconf mail_version',
      '# no update to be had: no STARTTLS is safer than one that takes commands from strangers',
      "postconf -e 'smtpd_tls_security_level = none'",
      reloadPostfix,
    ],
    exim: [
      '# keep the default, which hangs up on input that comes too early; then update the package',
      eximMain,
      'smtp_enforce_sync = true',
      restartExim,
    ],
    sendmail: ['# fixed in 8.14.5: update the package', 'sendmail -d0.1 -bv root | head -n 1'],
  },

  'starttls-trailing': {
    postfix: [
      '# nothing in Postfix speaks there: look for a proxy or a filter in front of it',
      'postconf -M smtp/inet submission/inet',
    ],
    exim: ['# nothing in Exim speaks there: look for a proxy or a filter in front of it', 'ss -ltnp'],
  },
};
