import type { Role } from '../../model/endpoint.ts';
import type { Measured } from '../../model/judgement.ts';
import type { Fixes } from '../../model/mtas.ts';
import { exim, opensmtpd, postfix, rebuildSendmail, set } from './lines.ts';

/** What an administrator trusts clients by, wherever it stands: it goes on counting. */
const trusted = 'permit_(mynetworks|sasl_authenticated|tls_clientcerts)';
export const clientTables = 'check_client_access +[a-z]+:[^ ,{}]+';

/**
 * Nothing that is set is lost: strangers are refused before whatever let them through, and after what the lists
 * themselves trust clients by.
 */
const refuseFirst = (kept: string): string =>
  `postconf -e "smtpd_relay_restrictions = $(postconf -h smtpd_relay_restrictions smtpd_recipient_restrictions | grep -oE '${kept}' | sort -u | paste -sd,), reject_unauth_destination, $(postconf -h smtpd_relay_restrictions)"`;

/** Where any client may relay, its table may be what lets it. */
export const postfixRefuseFirst: readonly string[] = [
  '# strangers are refused before all that is there now; client tables that may relay go in front again, by hand',
  refuseFirst(trusted),
];

/** Where something else opens the relay, clients are trusted as before. */
const postfixRefuseOthers: readonly string[] = [
  '# strangers are refused before all that is there now; clients that may relay go on relaying',
  refuseFirst(`${trusted}|${clientTables}`),
];

/** On a port of its own in master.cf; `-P` takes no white space. */
export const postfixLoginFirst = (port: 'submission' | 'submissions', list: string): string => {
  const name = `${port}/inet/${list}`;
  return `postconf -P "${name}=$(postconf -Ph ${name} 2>/dev/null | grep -o permit_mynetworks),permit_sasl_authenticated,reject,$(postconf -Ph ${name} 2>/dev/null | tr -s ' ' ',')"`;
};

/** Networks wider than a /8 are nobody's own; where none are set, those that Postfix makes up go down to this host. */
export const postfixNarrowNetworks: readonly string[] = [
  '# clients that may relay by address: what is set stays, but for networks wider than a /8',
  `if [ -n "$(postconf -n mynetworks)" ]; then postconf -e "mynetworks = 127.0.0.0/8 [::1]/128 $(postconf -xh mynetworks | tr -s ', ' '\\n' | grep -vE '/[0-7]$|^127\\.|^\\[::1\\]' | paste -sd' ')"; else postconf -e 'mynetworks_style = host'; fi`,
];

const postfixShow =
  "postconf -n mynetworks relay_domains transport_maps smtpd_relay_restrictions smtpd_recipient_restrictions; postconf -P | sed -nE '/restrictions|mynetworks|relay_domains/p'";

export const eximNarrow: readonly string[] = [
  '# Debian: networks and domains that you relay for: what stands for everybody goes, the rest stays',
  `sed -i -E "/^dc_relay_(nets|domains)=/s/(0\\.0\\.0\\.0|::+)\\/0|\\*//g" /etc/exim4/update-exim4.conf.conf`,
];

const byHand = '# the finding stays until that is done';

/** The lines for what opens the relay; what is not here is the catalogue's. */
export function relayFixesFor({ keyedOn = null, accepted = [] }: Measured, role: Role): Fixes {
  if (role !== 'mx') return {};
  switch (keyedOn) {
    case 'nothing':
      return {
        postfix: postfix(postfixNarrowNetworks, postfixRefuseFirst, postfixShow),
        exim: exim(
          eximNarrow,
          '# elsewhere: hosts in the lists that relay_from_hosts and accept hosts = name',
          'exim4 -bP config | sed -nE "/relay_from_hosts|accept *hosts/p"',
        ),
      };
    case 'sender':
    case 'null-sender':
    case 'helo':
    case 'tls':
      return {
        postfix: postfix(postfixRefuseOthers, postfixShow),
        sendmail: [
          '# features that trust the sender they are told',
          "sed -i -E '/relay_local_from|relay_mail_from/s/^/dnl /' /etc/mail/sendmail.mc",
          rebuildSendmail,
        ],
      };
    case 'routed-address':
      return { postfix: postfix(set('allow_untrusted_routing = no')) };
    case 'name-in-address':
      return {
        postfix: postfix(
          '# in the regexp: and pcre: tables that these name, write ^ in front of a domain and $ behind it',
          "postconf -n | grep -E 'regexp:|pcre:'",
          byHand,
        ),
      };
    case 'domain': {
      const strangers = domainsIn(accepted).join(' ');
      return {
        postfix: postfix(
          `# take out of these, and of the tables that they name, what is not yours: ${strangers}`,
          'postconf relay_domains mydestination virtual_alias_domains virtual_mailbox_domains transport_maps',
          byHand,
        ),
        exim: exim(
          `# take out of this what is not yours: ${strangers}`,
          'grep -n ^dc_relay_domains /etc/exim4/update-exim4.conf.conf',
          byHand,
        ),
        opensmtpd: opensmtpd(
          `# take out of these what is not yours: ${strangers}`,
          "grep -n '^match.*domain' /etc/smtpd.conf",
          byHand,
        ),
      };
    }
    default:
      return {};
  }
}

/** Form ids end in the domain that was taken (`outside>plain@example.org`). */
function domainsIn(accepted: Measured[string]): string[] {
  const ids = Array.isArray(accepted) ? accepted : [];
  return [...new Set(ids.flatMap((id) => />plain@([a-z0-9.-]+)$/i.exec(id)?.[1] ?? []))];
}
