import type { Fixes } from '../../model/mtas.ts';
import { exim, m4, opensmtpd, postfix, sendmail, set } from './lines.ts';
import { stsFixes } from './mta-sts.ts';

/** The documentation's addresses (RFC 5737, RFC 3849) stand for those of the server, or of the machine that scans. */
const address = '# 192.0.2.25 and 2001:db8::25 stand for its addresses';

const addressRecords = (host: string): readonly string[] => [
  `${host}. 3600 IN A 192.0.2.25`,
  `${host}. 3600 IN AAAA 2001:db8::25`,
];

/** Reverse zones belong to whoever gave the address away. */
const reverseRecord = (host: string): readonly string[] => [
  '# in the reverse zone, which is mostly the provider\'s: ask there, or set "reverse DNS" in its panel',
  `25.2.0.192.in-addr.arpa. 3600 IN PTR ${host}.`,
];

/** Lines for zone files (key `dns`), and for the MTA where a name that it gives itself is at fault. */
export const namesFixes: Readonly<Record<string, Fixes>> = {
  mx: {
    dns: [
      '# an MX record names a host that has addresses of its own: no alias (CNAME), no address, and a dot at the end',
      address,
      'example.com. 3600 IN MX 10 mx.example.com.',
      ...addressRecords('mx.example.com'),
      '# where there is one host alone: a second, best in another network, that knows the same domains and users',
      '#example.com. 3600 IN MX 20 mx2.example.com.',
      '# a domain that takes no mail has this MX record alone (RFC 7505)',
      '#example.com. 3600 IN MX 0 .',
    ],
  },

  ptr: {
    dns: [address, ...reverseRecord('mx.example.com'), '# and the way back', ...addressRecords('mx.example.com')],
  },

  'names-agree': {
    dns: [
      '# its name is set at the MTA: mxprobe probes names-agree --mta <name> has the lines (postfix, exim, sendmail, opensmtpd)',
      '# and the name leads to it',
      address,
      ...addressRecords('mx.example.com'),
    ],
    postfix: postfix(set('myhostname = mx.example.com', 'smtpd_banner = $myhostname ESMTP')),
    exim: exim(
      '# Debian: /etc/exim4/exim4.conf.localmacros; elsewhere primary_hostname; smtp_banner begins with $smtp_active_hostname',
      "sed -i -E '/^(MAIN_HARDCODE_PRIMARY_HOSTNAME|primary_hostname|smtp_banner) *=/d' /etc/exim4/exim4.conf.localmacros",
      'MAIN_HARDCODE_PRIMARY_HOSTNAME = mx.example.com',
    ),
    sendmail: sendmail(
      m4('define', 'confDOMAIN_NAME', 'mx.example.com'),
      m4('define', 'confSMTP_LOGIN_MSG', '$j ready'),
    ),
    opensmtpd: opensmtpd(
      "sed -i -E '/^listen on /{/ socket/!{s/ hostname [^ ]+//;s/$/ hostname mx.example.com/;};}' /etc/smtpd.conf",
    ),
  },

  vantage: {
    dns: [
      '# of the machine that scans, and its name in EHLO (--helo); 192.0.2.25 and 2001:db8::25 stand for its addresses',
      ...reverseRecord('scanner.example.net'),
      '# and the way back',
      ...addressRecords('scanner.example.net'),
    ],
  },

  dane: {
    dns: [
      '# prints the record of the key in use, for the zone; it stays right through renewals that keep the key',
      "openssl s_client -connect mx.example.com:25 -starttls smtp -servername mx.example.com < /dev/null 2> /dev/null | openssl x509 -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -r | sed 's/ .*//; s/^/_25._tcp.mx.example.com. 3600 IN TLSA 3 1 1 /'",
      '# a renewal that keeps the key',
      'certbot renew --reuse-key',
      '# before one that does not: publish the record of the next key beside it, wait for twice the TTL of the records,',
      '# install certificate and key, look again, and only then take the old record out',
      '# where DNS itself fails at the record: sign the zone anew, and see that all its name servers serve the same',
    ],
  },

  'block-lists': {
    dns: [
      '# why it is listed, and where to ask for its removal: 25.2.0.192 is the address 192.0.2.25, its numbers reversed',
      'dig +short TXT 25.2.0.192.dnsbl.example.org',
      '# mend what the list saw first (spam that was sent from there, an open relay): it would be listed again',
    ],
  },

  spf: {
    dns: [
      '# one record: what sends mail of this domain (its MX hosts, an address, a provider), and "-all" at the end',
      '# mx, a, include, exists, ptr and redirect cost a look-up each, with all that they include: ten are the most;',
      '# ip4 and ip6 cost none, and includes of senders that are no longer used can go',
      'example.com. 3600 IN TXT "v=spf1 mx ip4:192.0.2.25 -all"',
      '# a domain that sends no mail',
      '#example.com. 3600 IN TXT "v=spf1 -all"',
    ],
  },

  'mta-sts': stsFixes,

  dmarc: {
    dns: [
      '# one record, at this name; p=none at first, until the reports show that all mail of yours passes SPF or DKIM',
      '_dmarc.example.com. 3600 IN TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com"',
      '# where reports go to another domain, that one agrees to take them, in its own zone',
      '#example.com._report._dmarc.example.net. 3600 IN TXT "v=DMARC1"',
    ],
  },

  'tls-rpt': {
    dns: ['_smtp._tls.example.com. 3600 IN TXT "v=TLSRPTv1; rua=mailto:tls-reports@example.com"'],
  },
};
