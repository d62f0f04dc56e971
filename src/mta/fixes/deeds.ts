import type { Fixes } from '../../model/mtas.ts';
import { postfix, set } from './lines.ts';

/** What a server does about octets that no client should send. */
export const deedFixes: Readonly<Record<string, Fixes>> = {
  'bare-newline': {
    postfix: postfix(
      '# from 3.5.24, 3.6.14, 3.7.10 and 3.8.5 on; the default since 3.9',
      set('smtpd_forbid_bare_newline = normalize', 'smtpd_forbid_unauth_pipelining = yes'),
    ),
    exim: ['# fixed in 4.97.1 and 4.98 (CVE-2023-51766): update the package', 'exim -bV | head -n 1'],
    sendmail: [
      '# fixed in 8.18 (CVE-2023-51765), and by distributions in 8.17: update the package',
      'sendmail -d0.1 -bv root | head -n 1',
    ],
    haraka: ['# LF . CRLF ends a message in 3.1.5: update, or put a server before it that does not', 'npm ls Haraka'],
    opensmtpd: ['# there is no setting for it: update, or put a server before it that does not', 'smtpd -h'],
  },
};
