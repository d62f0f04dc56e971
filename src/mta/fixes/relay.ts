// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Exim writes its expansions like that
import type { Fixes } from '../../model/mtas.ts';
import {
  exchange,
  exchangeClients,
  exim,
  eximMailAcl,
  eximRcptAcl,
  m4,
  opensmtpd,
  opensmtpdListen,
  postfix,
  rebuildSendmail,
  sendmail,
  sendmailSubmission,
  set,
} from './lines.ts';
import {
  clientTables,
  eximNarrow,
  postfixLoginFirst,
  postfixNarrowNetworks,
  postfixRefuseFirst,
} from './relay-seen.ts';

/**
 * Ahead of what check_mail does (sendmail's cf/README, Local_check_mail): `<own>` stands for a sender of the server's
 * own, behind it what AUTH says of the client, then what decides whether it may relay.
 */
const sendmailOwnSenders = `printf '${[
  'LOCAL_RULESETS',
  'SLocal_check_mail',
  'R$*\\t$: $>canonify $1',
  'R$* <@ $=w .>\\t$: <own> $&{auth_type}',
  'R<own> $+\\t$@ OK',
  'R<own>\\t$: <own> $>"Relay_ok"',
  'R<own> RELAY\\t$@ OK',
  'R<own> $*\\t$#error $@ 5.7.1 $: "550 this sender must log in"',
].join('\\n')}\\n' >> /etc/mail/sendmail.mc`;

/** A rule takes one `from`, and the first that matches counts: it leaves out all who may, whoever they write to. */
const opensmtpdOwnSenders = `printf 'match !auth !from src { "local", 127.0.0.1, ::1%s } mail-from "@example.com" for any reject\\n' "$(grep -oE '^match [^#!]*from src ([{][^}<]*|[^ <{]+)' /etc/smtpd.conf | sed -E 's/.*from src [{]?/, /' | paste -sd' ' -)" >> /etc/own-senders.conf`;

export const relayFixes: Readonly<Record<string, Fixes>> = {
  hello: {
    postfix: [
      '# EHLO cannot be switched off in Postfix: look for a command filter, or a firewall that rewrites SMTP',
      'postconf -n smtpd_command_filter smtpd_discard_ehlo_keywords smtpd_proxy_filter',
    ],
    exim: [
      '# EHLO cannot be switched off in Exim: look for a firewall or proxy in front of it that rewrites SMTP',
      'exim4 -bh 192.0.2.1  # then type: EHLO client.example',
    ],
  },

  reachable: {
    postfix: [
      '# where nobody is to connect: a host that only sends (null client), or a port that is not needed',
      ...set('inet_interfaces = loopback-only'),
      "postconf -M | grep inet  # take the line of a port that is not needed out of master.cf, such as: postconf -MX 'submission/inet'",
      "# where others must be able to connect, instead: postconf -e 'inet_interfaces = all'",
      'postfix stop && postfix start  # a reload does not open or close addresses',
    ],
    exim: exim(
      '# Debian: 127.0.0.1 where nobody is to connect, 0.0.0.0 where others must',
      `sed -i "s/^dc_local_interfaces=.*/dc_local_interfaces='127.0.0.1 ; ::1'/" /etc/exim4/update-exim4.conf.conf`,
    ),
    sendmail: sendmail(m4('DAEMON_OPTIONS', 'Name=MTA-v4, Family=inet, Port=smtp, Addr=127.0.0.1')),
    opensmtpd: opensmtpd('listen on lo  # in the place of every other listen line, where nobody is to connect'),
  },

  'takes-its-mail': {
    dns: [
      '# where another server is the right one: the MX record names that one',
      'example.com. 3600 IN MX 10 mx.example.com.',
    ],
    postfix: postfix(
      '# for mailboxes on this host; a hosted domain belongs in virtual_mailbox_domains, one that is passed on in relay_domains',
      'postconf -e "mydestination = $(postconf -h mydestination), example.com"',
    ),
    exim: exim(
      '# Debian; elsewhere: domainlist local_domains = @ : example.com',
      `sed -i "$ a dc_other_hostnames='$(sed -n "s/^dc_other_hostnames='\\(.*\\)'/\\1/p" /etc/exim4/update-exim4.conf.conf | tail -1):example.com'" /etc/exim4/update-exim4.conf.conf`,
    ),
    sendmail: ['echo example.com >> /etc/mail/local-host-names', 'systemctl restart sendmail'],
    opensmtpd: opensmtpd('match from any for domain "example.com" action "local"  # or what the action is called'),
  },

  'open-relay': {
    postfix: postfix(
      postfixRefuseFirst,
      postfixNarrowNetworks,
      set('allow_untrusted_routing = no'),
      '# domains that you relay for; permit_mx_backup, permit_tls_all_clientcerts and access tables also let mail through',
      'postconf -n relay_domains smtpd_recipient_restrictions smtpd_sender_restrictions smtpd_client_restrictions',
      "# master.cf can override any of this for one port; on the users' ports a login is a must",
      postfixLoginFirst('submission', 'smtpd_relay_restrictions'),
      postfixLoginFirst('submissions', 'smtpd_relay_restrictions'),
      "postconf -P | grep -E 'restrictions|mynetworks|relay_domains'",
    ),
    exim: exim(
      eximNarrow,
      '# elsewhere: in the ACL that acl_smtp_rcpt names, before any accept of another kind',
      'deny    message        = relay not permitted',
      '        domains        = ! +local_domains : ! +relay_to_domains',
      '        hosts          = ! +relay_from_hosts',
      '        ! authenticated = *',
      'deny    message        = Restricted characters in address',
      '        local_parts    = ^[.] : ^.*[@%!/|]',
    ),
    sendmail: [
      '# features that relay for strangers, wholly or by the sender they claim',
      "sed -i -E '/promiscuous_relay|relay_local_from|relay_mail_from|loose_relay_check|relay_based_on_MX/s/^/dnl /' /etc/mail/sendmail.mc",
      '# a network or domain with RELAY in these files may relay too',
      'grep -i relay /etc/mail/access || echo none; sed -n p /etc/mail/relay-domains 2>/dev/null || echo none',
      rebuildSendmail,
    ],
    opensmtpd: opensmtpd(
      '# from anywhere to anywhere after a login only',
      "sed -i -E '/^match .*(from any .*for any|for any .*from any)/{/ auth | reject/!s/^/# /;}' /etc/smtpd.conf  # or wherever it is",
      'match from local for any action "relay"',
      'match from any auth for any action "relay"',
    ),
    exchange: exchange(
      '# connectors that let strangers send anywhere',
      "Get-ReceiveConnector | Get-ADPermission -User 'NT AUTHORITY\\ANONYMOUS LOGON' | Where-Object { $_.ExtendedRights -like 'ms-Exch-SMTP-Accept-Any-Recipient' }",
      "Get-ReceiveConnector 'EX01\\Anonymous Relay' | Remove-ADPermission -User 'NT AUTHORITY\\ANONYMOUS LOGON' -ExtendedRights 'ms-Exch-SMTP-Accept-Any-Recipient' -Confirm:$false",
      '# connectors that trust whoever connects: keep their addresses narrow',
      "Get-ReceiveConnector | Where-Object { $_.AuthMechanism -match 'ExternalAuthoritative' } | Format-List Identity, RemoteIPRanges",
      "Set-ReceiveConnector 'EX01\\Anonymous Relay' -RemoteIPRanges 192.0.2.10",
    ),
    qmail: [
      '# without this file qmail relays for everyone; one domain of yours a line',
      "grep -qxF 'example.com' /var/qmail/control/rcpthosts || echo 'example.com' >> /var/qmail/control/rcpthosts",
      'rm -f /var/qmail/control/percenthack',
      '# clients that may relay: look for RELAYCLIENT',
      'grep RELAYCLIENT /etc/tcp.smtp',
    ],
  },

  'own-domain-spoof': {
    postfix: postfix(
      '# once for each domain of yours; mail forwarded back to you under its own sender is refused too',
      "echo 'example.com REJECT this sender must log in' >> /etc/postfix/own_domains",
      `postconf -e "smtpd_sender_restrictions = $(postconf -h smtpd_sender_restrictions), permit_mynetworks, permit_sasl_authenticated, $(postconf -h smtpd_relay_restrictions smtpd_recipient_restrictions | grep -oE '${clientTables}' | sort -u | paste -sd,), check_sender_access texthash:/etc/postfix/own_domains"`,
    ),
    exim: exim(
      eximRcptAcl(
        'deny    message        = this sender must log in',
        '        sender_domains = +local_domains',
        '        hosts          = ! +relay_from_hosts',
        '        ! authenticated = *',
      ),
    ),
    sendmail: sendmail(
      '# below them, once: own senders (class w) need a login, or a client that may relay; the ruleset has tabs in it',
      sendmailOwnSenders,
    ),
    opensmtpd: opensmtpd(
      '# once for each domain of yours; the clients that from src lines name stay, but those in tables: write them in',
      opensmtpdOwnSenders,
      '# read above the other match lines; GNU sed, elsewhere with an editor',
      `sed -i '0,/^match /s|^match |include "/etc/own-senders.conf"\\n&|' /etc/smtpd.conf`,
    ),
    exchange: exchange(
      "Get-ReceiveConnector 'EX01\\Default Frontend EX01' | Remove-ADPermission -User 'NT AUTHORITY\\ANONYMOUS LOGON' -ExtendedRights 'ms-Exch-SMTP-Accept-Authoritative-Domain-Sender' -Confirm:$false",
    ),
  },

  'submission-auth': {
    postfix: postfix(
      postfixLoginFirst('submission', 'smtpd_relay_restrictions'),
      postfixLoginFirst('submission', 'smtpd_recipient_restrictions'),
      '# port 465 is called submissions, or smtps in an older master.cf',
      postfixLoginFirst('submissions', 'smtpd_relay_restrictions'),
      postfixLoginFirst('submissions', 'smtpd_recipient_restrictions'),
    ),
    exim: exim(
      eximMailAcl(
        'submission-auth',
        'deny    message        = authentication required',
        '        condition      = ${if inlist{$received_port}{465:587}}',
        '        ! authenticated = *',
      ),
    ),
    sendmail: sendmail(sendmailSubmission),
    opensmtpd: opensmtpd(
      '# auth makes it a must; auth-optional does not',
      opensmtpdListen('submission', 'tls-require'),
      opensmtpdListen('smtps', ''),
    ),
    exchange: exchange(exchangeClients('-PermissionGroups ExchangeUsers')),
  },
};
