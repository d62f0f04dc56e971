import { domainOf } from '../subject.ts';
import type { Transaction } from '../transactions.ts';

/** The names that relay shapes are made of. */
export interface RelayNames {
  /** An address outside. */
  readonly sender: string;
  /** The sender that the server has taken, with which recipient forms are asked: the one above, or none (`<>`). */
  readonly taken?: string;
  /** The recipient outside. */
  readonly external: string;
  /** A domain of the server's own. */
  readonly domain: string | null;
  /** The name that it gives itself. */
  readonly server: string | null;
  /** Its address as a literal, `[192.0.2.1]`. */
  readonly literal: string;
  /** Our HELO name, and the one to use as the server's own. */
  readonly helo: { readonly ours: string; readonly theirs: string };
}

/** One way to ask a server to take mail for outside. */
export interface Shape extends Transaction {
  /** Whether HELO carries our name or the server's own. */
  readonly heloOf: 'ours' | 'theirs';
  /**
   * What stands right of the last `@`, where that is a place of the server's own ('' where there is no `@`): there an acceptance means
   * something only if an unknown local part is refused.
   */
  readonly ownHost: string | null;
  /** Asked in clear only; the others are asked inside TLS too. */
  readonly clearOnly: boolean;
}

/**
 * All shapes: sender forms × the plain recipient, the outside sender × recipient forms, and a few under the server's own HELO name. The id
 * reads `sender>recipient form@host`. RFC 5321 §3.6.1, F.2 (source routes); Postfix `allow_percent_hack`, `swap_bangpath`,
 * `resolve_dequoted_address`, `allow_untrusted_routing`.
 */
export function relayShapes(names: RelayNames): Shape[] {
  const taken = names.taken ?? names.sender;
  const senders = senderForms(names);
  const recipients = recipientForms(names);
  const plain = { form: 'plain', recipient: names.external, odd: false, ownHost: null, clearOnly: false };
  const base = { form: taken === '' ? 'null' : 'outside', sender: taken, odd: false, clearOnly: false };
  const ours = [
    ...senders.map((sender) => shape(names, 'ours', sender, plain)),
    ...recipients.map((recipient) => shape(names, 'ours', base, recipient)),
  ];
  const percent = recipients.find(({ form }) => form.startsWith('percent@'));
  const theirs = (names.helo.theirs === names.helo.ours ? [] : senders)
    .filter(({ form }) => ['outside', 'null', 'user'].includes(form))
    .map((sender) => ({ ...shape(names, 'theirs', sender, plain), clearOnly: sender.form === 'null' }));
  return [
    ...ours,
    ...theirs,
    ...(percent === undefined || theirs.length === 0
      ? []
      : [{ ...shape(names, 'theirs', base, percent), clearOnly: true }]),
  ];
}

type SenderForm = { form: string; sender: string; odd: boolean; clearOnly: boolean };
type RecipientForm = { form: string; recipient: string; odd: boolean; ownHost: string | null; clearOnly: boolean };

function shape(
  { helo }: RelayNames,
  heloOf: Shape['heloOf'],
  { form, sender, odd, clearOnly }: SenderForm,
  to: RecipientForm,
): Shape {
  const id = `${heloOf === 'theirs' ? 'own-helo:' : ''}${form}>${to.form}`;
  return {
    id,
    helo: helo[heloOf],
    heloOf,
    sender,
    recipient: to.recipient,
    odd: odd || to.odd,
    ownHost: to.ownHost,
    clearOnly: clearOnly || to.clearOnly,
  };
}

function senderForms({ sender, external, domain, server, literal }: RelayNames): SenderForm[] {
  const home = domain ?? server ?? literal;
  const form = (name: string, address: string, extra: Partial<SenderForm> = {}) => ({
    form: name,
    sender: address,
    odd: false,
    clearOnly: false,
    ...extra,
  });
  return [
    form('outside', sender),
    form('null', ''),
    form('user', `mxprobe@${home}`),
    form('postmaster', `postmaster@${home}`),
    form('same', external),
    form('literal', `mxprobe@${literal}`, { odd: true, clearOnly: true }),
    form('bare', 'mxprobe', { odd: true, clearOnly: true }),
    form('localhost', 'mxprobe@localhost', { clearOnly: true }),
  ].filter((one, index, all) => all.findIndex(({ sender: other }) => other === one.sender) === index);
}

function recipientForms({ external, domain, server, literal }: RelayNames): RecipientForm[] {
  const user = external.slice(0, external.lastIndexOf('@'));
  const far = domainOf(external) ?? '';
  const named = [...new Set([domain, server])].filter((name) => name !== null);
  const hosts = [...named, 'localhost', 'localhost.localdomain'].slice(0, 2);
  const everywhere = [...hosts, literal];
  const first = hosts[0];
  const at = (form: string, local: string, places: readonly string[]) =>
    places.map((host) => ({
      form: `${form}@${nick(host, domain, literal)}`,
      recipient: `${local}@${host}`,
      odd: host === literal || form === 'doubled',
      ownHost: host,
      clearOnly: host !== first,
    }));
  const bare = (form: string, recipient: string) => ({ form, recipient, odd: true, ownHost: '', clearOnly: true });
  return [
    ...at('percent', `${user}%${far}`, everywhere),
    ...at('bang', `${far}!${user}`, hosts),
    ...at('quoted', `"${user}@${far}"`, everywhere),
    ...at('doubled', external, hosts.slice(0, 1)),
    ...hosts.map((host) => ({
      form: `route@${nick(host, domain, literal)}`,
      recipient: `@${host}:${external}`,
      odd: host === literal,
      ownHost: null,
      clearOnly: host !== first,
    })),
    bare('percent', `${user}%${far}`),
    bare('bang', `${far}!${user}`),
    bare('quoted', `"${user}@${far}"`),
  ];
}

function nick(host: string, domain: string | null, literal: string): string {
  if (host === literal) return 'literal';
  if (host === domain) return 'domain';
  return host.startsWith('localhost') ? host : 'name';
}
