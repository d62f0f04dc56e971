import { verificationDocument } from '../report/documents.ts';
import { documentOptions } from './document-options.ts';
import { scanUsage } from './scan-usage.ts';
import type { Options, Usage } from './usage.ts';

const what = 'What is compared';

/** What `scan` has and a verification has no use for: it judges by the files, and its formats are its own. */
const notHere = ['policy', 'fail-on', 'transcript', 'format', 'output'];

const ofScan: Options = Object.fromEntries(
  Object.entries(scanUsage.options).filter(([name]) => !notHere.includes(name)),
);

/** What decides how a scan is made. */
export const scanOptionNames: readonly string[] = Object.keys(ofScan);

const own: Options = {
  postconf: { group: what, value: 'file', values: 'files', about: 'What `postconf -n` prints, or a main.cf' },
  master: {
    group: what,
    value: 'file',
    values: 'files',
    about: 'master.cf, or what `postconf -M` and `postconf -P` print, one behind the other',
  },
  'postfix-version': { group: what, value: 'version', about: 'Such as 3.7: decides the defaults of what is not set' },
  service: {
    group: what,
    value: 'name',
    about: 'The line of master.cf that answers there (default: told by the port)',
  },
  mechanisms: { group: what, value: 'list', about: "Mechanisms of Dovecot or Cyrus SASL, such as 'plain login'" },
  report: {
    group: what,
    value: 'file',
    values: 'files',
    about: 'Compare with a report saved by scan --format json; no network',
  },
};

export const verifyUsage: Usage = {
  words: '[target]',
  about: `Holds a Postfix configuration against what the wire shows: one row a directive, configured and seen.

Restraint show only to --allow load. Scan from outside: from mynetworks, no limit counts you.`,
  options: {
    ...own,
    ...ofScan,
    ...documentOptions(verificationDocument),
  },
  examples: [
    ['--postconf main.cf --master master.cf mail.example.com:25', 'one port'],
    ['--postconf postconf-n.txt --allow load --authorized mail.example.com', 'with its limits'],
    ['--postconf main.cf --report report.json', 'what a scan has seen before'],
    ['--postconf main.cf --master master.cf --service submission 127.0.0.1:2587', 'a port that was mapped'],
  ],
  epilogue:
    'Exit codes: 1 something is contradicted, or a line of the files does not work, 2 nothing is, but something could not be told, 0 all is confirmed or not visible, 3 bad usage or an error of our own.',
};
