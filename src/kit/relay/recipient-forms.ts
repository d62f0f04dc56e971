import { domainOf } from '../subject.ts';
import type { RelayNames } from './names.ts';

export interface RecipientForm {
  readonly form: string;
  readonly recipient: string;
  readonly odd: boolean;
  readonly ownHost: string | null;
  readonly clearOnly: boolean;
}

/** The outside recipient wrapped in a place of the server's own, in every way that an MTA has been known to unwrap. */
export function recipientForms({ external, domain, server, literal }: RelayNames): RecipientForm[] {
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
    ...aroundItsName(domain ?? server, user, far),
    bare('percent', `${user}%${far}`),
    bare('bang', `${far}!${user}`),
    bare('quoted', `"${user}@${far}"`),
  ];
}

/**
 * Outside recipients that hold a name of the server's own: tables of regular expressions without `^` or `$` take them
 * for its own.
 */
function aroundItsName(name: string | null, user: string, far: string): RecipientForm[] {
  const form = (id: string, recipient: string) => ({ form: id, recipient, odd: false, ownHost: null, clearOnly: true });
  return name === null
    ? []
    : [
        form('name-in-domain', `${user}@${name}.${far}`),
        form('name-as-user', `${name}@${far}`),
        form('name-in-user', `${user}+${name}@${far}`),
      ];
}

function nick(host: string, domain: string | null, literal: string): string {
  if (host === literal) return 'literal';
  if (host === domain) return 'domain';
  return host.startsWith('localhost') ? host : 'name';
}
