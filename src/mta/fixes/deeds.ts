import type { Fixes } from '../../model/mtas.ts';
import { exim, eximMain, eximSetting, m4, postfix, sendmail, set } from './lines.ts';

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

  'early-talker': {
    postfix: postfix(
      '# from 3.5.20, 3.6.10, 3.7.6 and 3.8.1 on; the default since 3.9',
      set('smtpd_forbid_unauth_pipelining = yes'),
      '# where postscreen is in front of smtpd (postconf -M smtpd/pass)',
      set('postscreen_greet_action = enforce'),
    ),
    exim: exim(
      '# keep the default, which hangs up on input that comes too early; and ask nobody for it (4.93 and later)',
      eximSetting('smtp_enforce_sync', 'true'),
      eximSetting('pipelining_connect_advertise_hosts', ':'),
    ),
    sendmail: sendmail(m4('FEATURE', 'greet_pause', '5000')),
    haraka: ['# config/plugins, then restart', 'early_talker'],
  },

  'pipelining-order': {
    postfix: postfix(set('smtpd_forbid_unauth_pipelining = yes')),
    exim: exim(
      '# keep the default, which hangs up on input that comes too early',
      eximMain,
      'smtp_enforce_sync = true',
    ),
  },

  'http-verbs': {
    postfix: postfix(set('smtpd_forbidden_commands = CONNECT GET POST')),
    exim: exim(eximSetting('smtp_max_unknown_commands', '1')),
  },

  'line-length': {
    postfix: postfix('# what is longer is thrown away up to its end, and never run', set('line_length_limit = 2048')),
    exim: exim(
      '# no setting keeps the rest of a line from being read; this ends the session at the second piece',
      eximSetting('smtp_max_unknown_commands', '1'),
    ),
  },
};
