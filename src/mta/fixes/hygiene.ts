import type { Fixes } from '../../model/mtas.ts';
import { postfix, set } from './lines.ts';

export const hygieneFixes: Readonly<Record<string, Fixes>> = {
  xclient: {
    postfix: postfix(
      '# where a proxy hands sessions on: the addresses of that proxy, and no network',
      set('smtpd_authorized_xclient_hosts =', 'smtpd_authorized_xforward_hosts ='),
      '# a service of master.cf may have its own',
      'postconf -P | grep -E "authorized_x(client|forward)_hosts" || true',
    ),
  },
};
