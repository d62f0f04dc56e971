import { monitorRows } from './monitor/rows.ts';
import type { Row } from './row.ts';

/** The commands in the order of help, but for `help` itself, which knows all others. */
export const commands: readonly Row[] = [
  {
    name: 'scan',
    words: '<target>...',
    about: 'Ask a mail server what it lets strangers do',
    load: () => import('./scan.ts'),
  },
  {
    name: 'judge',
    words: '<report.json>',
    about: 'Judge a saved report again; no network',
    load: () => import('./judge.ts'),
  },
  {
    name: 'diff',
    words: '<before> <after>',
    about: 'What changed from one saved report to another; no network',
    load: () => import('./diff.ts'),
  },
  {
    name: 'verify',
    words: '<target>',
    about: 'Is this Postfix configuration what the wire shows? One row a directive',
    load: () => import('./verify.ts'),
  },
  {
    name: 'monitor',
    words: '<what>',
    about: 'Scan servers again and again, and remember what they said',
    load: () => import('./monitor/group.ts'),
    rows: monitorRows,
  },
  {
    name: 'sink',
    words: '',
    about: 'A receiver of your own, which shows whether a server relays',
    load: () => import('./sink.ts'),
  },
  {
    name: 'policy',
    words: '<what>',
    about: 'Policies to judge by: built-in ones, the form of a file, and one written from a saved report',
    load: () => import('./policy.ts'),
  },
  {
    name: 'probes',
    words: '[id]',
    about: 'The catalogue; with an id: why it matters, how it is judged, how to fix it',
    load: () => import('./probes.ts'),
  },
  {
    name: 'demo',
    words: '',
    about: 'Scan a deliberately weak mail server inside this process',
    load: () => import('./demo.ts'),
  },
  {
    name: 'completion',
    words: '<shell>',
    about: 'A script that completes command lines: bash, zsh or fish',
    load: () => import('./completion.ts'),
  },
];
