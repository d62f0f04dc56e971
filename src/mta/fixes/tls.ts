// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Exim writes its expansions like that
import type { Fixes } from '../../model/mtas.ts';
import {
  dovecot,
  exchange,
  exchangeClients,
  exchangeFrontend,
  exim,
  eximMailAcl,
  eximMain,
  eximSetting,
  m4,
  opensmtpd,
  opensmtpdListen,
  postfix,
  sendmail,
  sendmailSubmission,
  set,
  setFor,
} from './lines.ts';

const live = '/etc/letsencrypt/live/mx.example.com';

const postfixCertificate = [
  '# the certificate with its chain, and its key: nothing is set until they are there',
  `ls ${live}/fullchain.pem ${live}/privkey.pem && postconf -e 'smtpd_tls_cert_file = ${live}/fullchain.pem' 'smtpd_tls_key_file = ${live}/privkey.pem'`,
  '# where this is set (Postfix 3.4 and later) it wins over the two above',
  'postconf -X smtpd_tls_chain_files',
];

const eximCertificate = exim(
  '# Debian: /etc/exim4/exim4.conf.localmacros; elsewhere tls_advertise_hosts = *, tls_certificate and tls_privatekey',
  "sed -i -E '/^(MAIN_TLS_(ENABLE|ADVERTISE_HOSTS|CERTKEY|CERTIFICATE|PRIVATEKEY)|tls_(advertise_hosts|certificate|privatekey)) *=/d' /etc/exim4/exim4.conf.localmacros",
  'MAIN_TLS_ENABLE = yes',
  '# readable for the group Debian-exim',
  'MAIN_TLS_CERTIFICATE = /etc/exim4/tls/fullchain.pem',
  'MAIN_TLS_PRIVATEKEY = /etc/exim4/tls/privkey.pem',
);

const sendmailCertificate = sendmail(
  '# the key must be readable for root only',
  m4('define', 'confSERVER_CERT', '/etc/mail/tls/fullchain.pem'),
  m4('define', 'confSERVER_KEY', '/etc/mail/tls/privkey.pem'),
  m4('define', 'confCACERT_PATH', '/etc/ssl/certs'),
  m4('define', 'confCACERT', '/etc/ssl/certs/ca-certificates.crt'),
);

const opensmtpdCertificate = opensmtpd(
  'pki mx.example.com cert "/etc/ssl/mx.example.com.fullchain.pem"',
  'pki mx.example.com key "/etc/ssl/private/mx.example.com.key"',
  opensmtpdListen('smtp', 'tls'),
);

const exchangeCertificate = exchange(
  'Get-ExchangeCertificate | Format-List Thumbprint, Subject, NotAfter, Services',
  "Enable-ExchangeCertificate -Thumbprint '0123456789ABCDEF0123456789ABCDEF01234567' -Services SMTP",
  exchangeFrontend('-AuthMechanism Tls, ExchangeServer'),
);

const dovecotCertificate = [
  `ssl_cert = <${live}/fullchain.pem`,
  `ssl_key = <${live}/privkey.pem`,
  `# since Dovecot 2.4: ssl_server_cert_file = ${live}/fullchain.pem and ssl_server_key_file = ${live}/privkey.pem`,
];

/** In OpenSSL's words: no suite without a certificate or encryption, no RSA key exchange, no short blocks or keys. */
const soundCiphers = 'HIGH:!aNULL:!eNULL:!kRSA:!3DES:!RC4';

/** What is excluded already stays so. */
const excludingCiphers = (names: string): string =>
  `postconf -e "smtpd_tls_exclude_ciphers = $(postconf -h smtpd_tls_exclude_ciphers) ${names}"`;

/** A handshake that fails is mostly a key that does not fit, cannot be read, or is older than what peers take. */
const keyFits = (certificate: string, key: string): string[] => [
  '# certificate and key fit when these two lines print the same',
  `openssl x509 -noout -pubkey -in ${certificate} | sha256sum`,
  `openssl pkey -pubout -in ${key} | sha256sum`,
];

export const tlsFixes: Readonly<Record<string, Fixes>> = {
  'starttls-offer': {
    postfix: postfix(
      postfixCertificate,
      set('smtpd_tls_security_level = may'),
      setFor('submission', 'smtpd_tls_security_level=encrypt'),
      `postconf -e "smtpd_discard_ehlo_keywords = $(postconf -h smtpd_discard_ehlo_keywords | sed -E 's/starttls//Ig')"`,
    ),
    exim: eximCertificate,
    sendmail: sendmailCertificate,
    opensmtpd: opensmtpdCertificate,
    exchange: exchangeCertificate,
    dovecot: dovecot('10-ssl.conf', 'ssl = required', dovecotCertificate),
  },

  'starttls-works': {
    postfix: [
      ...keyFits(`${live}/fullchain.pem`, `${live}/privkey.pem`),
      ...postfix(postfixCertificate),
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
    dovecot: [
      ...keyFits(`${live}/fullchain.pem`, `${live}/privkey.pem`),
      ...dovecot('10-ssl.conf', dovecotCertificate),
    ],
  },

  'tls-certificate': {
    postfix: [
      ...postfix(postfixCertificate),
      '# and after each renewal',
      "certbot reconfigure --cert-name mx.example.com --deploy-hook 'postfix reload'",
    ],
    exim: eximCertificate,
    sendmail: sendmailCertificate,
    opensmtpd: opensmtpdCertificate,
    exchange: exchangeCertificate,
    dovecot: dovecot('10-ssl.conf', dovecotCertificate),
  },

  'tls-required': {
    postfix: postfix(setFor('submission', 'smtpd_tls_security_level=encrypt')),
    dovecot: dovecot('10-ssl.conf', 'ssl = required'),
    exim: exim(
      eximMailAcl(
        'tls-required',
        'deny    message        = Must issue a STARTTLS command first',
        '        condition      = ${if eq{$received_port}{587}}',
        '        ! encrypted    = *',
      ),
      eximSetting('auth_advertise_hosts', '${if eq{$tls_in_cipher}{}{}{*}}'),
    ),
    sendmail: sendmail(
      '# login is a must on 587, and no plaintext login without TLS',
      sendmailSubmission,
      m4('define', 'confAUTH_OPTIONS', 'A p y'),
    ),
    opensmtpd: opensmtpd(opensmtpdListen('submission', 'tls-require')),
    exchange: exchange(exchangeClients('-RequireTLS $true')),
  },

  'tls-version': {
    postfix: postfix(
      '# Postfix 3.6 and later take >=TLSv1.2 as well',
      set(
        'smtpd_tls_protocols = !SSLv2, !SSLv3, !TLSv1, !TLSv1.1',
        'smtpd_tls_mandatory_protocols = !SSLv2, !SSLv3, !TLSv1, !TLSv1.1',
      ),
    ),
    dovecot: dovecot('10-ssl.conf', 'ssl_min_protocol = TLSv1.2'),
    exim: exim(
      '# built with GnuTLS, as in Debian',
      eximSetting('tls_require_ciphers', 'NORMAL:-VERS-TLS1.0:-VERS-TLS1.1'),
      '# built with OpenSSL (exim -bV says which)',
      '#openssl_options = +no_sslv2 +no_sslv3 +no_tlsv1 +no_tlsv1_1',
    ),
    sendmail: sendmail(
      m4('define', 'confSERVER_SSL_OPTIONS', '+SSL_OP_NO_SSLv2 +SSL_OP_NO_SSLv3 +SSL_OP_NO_TLSv1 +SSL_OP_NO_TLSv1_1'),
    ),
    opensmtpd: opensmtpd(opensmtpdListen('smtp', 'tls protocols "tlsv1.2,tlsv1.3"')),
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

  'tls-ciphers': {
    postfix: postfix(
      excludingCiphers('eNULL EXPORT LOW RC4 3DES'),
      '# and what old senders, who have nothing better, would otherwise have in place of clear text',
      excludingCiphers('aNULL kRSA'),
    ),
    dovecot: dovecot(
      '10-ssl.conf',
      '# the default since 2.3',
      'ssl_cipher_list = ALL:!kRSA:!SRP:!kDHd:!DSS:!aNULL:!eNULL:!EXPORT:!DES:!3DES:!MD5:!PSK:!RC4:!ADH:!LOW@STRENGTH',
    ),
    exim: exim(
      '# built with GnuTLS, as in Debian',
      eximSetting('tls_require_ciphers', 'NORMAL:-RSA:-3DES-CBC:-ARCFOUR-128:-VERS-TLS1.0:-VERS-TLS1.1'),
      '# built with OpenSSL (exim -bV says which)',
      `#tls_require_ciphers = ${soundCiphers}`,
    ),
    sendmail: sendmail(m4('define', 'confCIPHER_LIST', soundCiphers)),
    opensmtpd: opensmtpd(opensmtpdListen('smtp', `tls ciphers "${soundCiphers}"`)),
    courier: [
      '# /etc/courier/esmtpd',
      '# built with GnuTLS, as in Debian',
      'TLS_PRIORITY="NORMAL:-RSA:-3DES-CBC:-ARCFOUR-128"',
      '# built with OpenSSL',
      `#TLS_CIPHER_LIST="${soundCiphers}"`,
      'systemctl restart courier-mta',
    ],
  },

  'starttls-injection': {
    postfix: postfix(
      '# fixed in 2.4.16, 2.5.12, 2.6.9, 2.7.3 and 2.8.0 (CVE-2011-0411): update the package',
      'postconf mail_version',
      '# no update to be had: no STARTTLS is safer than one that takes commands from strangers',
      set('smtpd_tls_security_level = none'),
    ),
    exim: exim(
      '# keep the default, which hangs up on input that comes too early; then update the package',
      eximMain,
      'smtp_enforce_sync = true',
    ),
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
