import { meantBy } from '../meant.ts';
import { broken, type Fault, fatal, quoted } from '../problem.ts';
import { listOf } from '../values.ts';
import { commentHint } from './value-kind.ts';

/** Types of tables (DATABASE_README); which of them a Postfix was built with does not show in its files. */
const types = [
  ...[
    'btree',
    'cdb',
    'cidr',
    'dbm',
    'debug',
    'environ',
    'fail',
    'hash',
    'inline',
    'internal',
    'ldap',
    'lmdb',
    'memcache',
  ],
  ...[
    'mongodb',
    'mysql',
    'netinfo',
    'nis',
    'nisplus',
    'pcre',
    'pgsql',
    'pipemap',
    'proxy',
    'randmap',
    'regexp',
    'sdbm',
  ],
  ...['socketmap', 'sqlite', 'static', 'tcp', 'texthash', 'thash', 'union', 'unionmap', 'unix'],
];

/** What is wrong with a table where it is asked; null where nothing is, or the type may be one of somebody's own. */
export function tableFault(table: string): Fault | null {
  const [, type = '', name = ''] = /^\{?\s*([^:\s]*):(.*)$/s.exec(table) ?? [];
  if (type === '' || name === '')
    return fatal(`${quoted(table)} is no table, type:name: what opens it would not start`);
  if (types.includes(type)) return null;
  const meant = meantBy(type, types);
  if (meant === null) return null;
  return broken(`${quoted(table)}: there are no tables of type ${quoted(type)}: is ${meant} meant?`);
}

/** Parameters that smtpd(8) opens as tables, one behind the other, and nothing else. */
export const tableParameters: readonly string[] = [
  ...['alias_maps', 'canonical_maps', 'local_recipient_maps', 'recipient_canonical_maps', 'relay_recipient_maps'],
  ...['rbl_reply_maps', 'sender_canonical_maps', 'smtpd_discard_ehlo_keyword_address_maps', 'smtpd_sender_login_maps'],
  ...['virtual_alias_maps', 'virtual_mailbox_maps'],
];

export function tablesFault(value: string): Fault | null {
  for (const table of listOf(value)) {
    const fault = table.includes(':')
      ? tableFault(table)
      : fatal(`${quoted(table)} is no table, type:name${commentHint(table)}: what opens it would not start`);
    if (fault !== null) return fault;
  }
  return null;
}
