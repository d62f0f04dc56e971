import type { Told } from './form-outcome.ts';
import { isPlain } from './forms.ts';

/** What opens a relay, as far as the pattern of accepted and refused forms tells. */
export type KeyedOn =
  | 'nothing'
  | 'sender'
  | 'null-sender'
  | 'helo'
  | 'tls'
  | 'routed-address'
  | 'name-in-address'
  | 'domain';

/** What is said of such a relay, and what is likely behind it. */
export const keyWords: Readonly<Record<KeyedOn, { readonly headline: string; readonly likely: string }>> = {
  nothing: {
    headline: 'Strangers can send mail anywhere through this server',
    likely:
      'no rule refuses relaying, or the network that this scan comes from is trusted (Postfix mynetworks, Exim relay_from_hosts, Sendmail access)',
  },
  sender: {
    headline: 'Strangers can send mail anywhere through this server if they claim to be one of its users',
    likely:
      'a rule trusts the sender address, which anybody can write (Postfix check_sender_access with OK, Exim senders =, Sendmail FEATURE(relay_mail_from))',
  },
  'null-sender': {
    headline: 'Strangers can send mail anywhere through this server if they leave the sender empty',
    likely: 'a rule meant for bounces permits the sender <> everything (Postfix check_sender_access, Exim senders = :)',
  },
  helo: {
    headline: 'Strangers can send mail anywhere through this server if they greet it by its own name',
    likely: 'a rule trusts the HELO name, which anybody can write (Postfix check_helo_access with OK)',
  },
  tls: {
    headline: 'Strangers can send mail anywhere through this server once they have said STARTTLS',
    likely: 'a rule takes encryption for a login (Exim encrypted = *, Postfix permit_tls_all_clientcerts)',
  },
  'routed-address': {
    headline: 'Strangers can send mail anywhere through this server if they write the address as a route',
    likely:
      'addresses with %, ! or @ in front are taken apart and sent on after only their last domain was checked (Postfix allow_untrusted_routing, Sendmail FEATURE(loose_relay_check))',
  },
  'name-in-address': {
    headline: "Strangers can send mail through this server to addresses that have the server's own name in them",
    likely: 'a table of regular expressions lacks ^ in front or $ behind its domain',
  },
  domain: {
    headline: 'Strangers can send mail through this server to some domains that are not its own',
    likely: 'a list of domains to relay for holds more than its own (Postfix relay_domains, Exim relay_to_domains)',
  },
};

/**
 * The one thing that all accepted forms have and no refused one has; null where more than one would have to be, or
 * where the form that has none of them was not refused.
 */
export function keyedOn(
  accepted: readonly Pick<Told<'accepted'>, 'id'>[],
  refused: readonly Pick<Told<'refused'>, 'id'>[],
): KeyedOn | null {
  const ids = new Set(accepted.map(({ id }) => id));
  if (ids.has(open)) return 'nothing';
  if (refused.every(({ id }) => id !== open)) return null;
  const [key = null, ...others] = new Set([...ids].map((id) => keyOf(id, ids)));
  return others.length > 0 ? null : key;
}

/** A stranger, to a stranger, in clear, under their own name, by no trick. */
const open = 'outside>plain';

function keyOf(id: string, accepted: ReadonlySet<string>): KeyedOn | null {
  const [, tls = '', helo = '', form = ''] = /^(tls:)?(own-helo:)?(.*)$/.exec(id) ?? [];
  if (tls !== '' && accepted.has(`${tls}${open}`)) return 'tls';
  if (helo !== '' && accepted.has(`${tls}${helo}${open}`)) return 'helo';
  if (/>name-(in|as)-/.test(form)) return 'name-in-address';
  if (form.includes('>plain@')) return 'domain';
  if (!isPlain({ id: form })) return 'routed-address';
  if (/^(user|postmaster|literal|localhost|bare)>/.test(form)) return 'sender';
  return form.startsWith('null>') ? 'null-sender' : null;
}
