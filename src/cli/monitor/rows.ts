import type { Row } from '../row.ts';

/** What `mxprobe monitor` can do, in the order of help. */
export const monitorRows: readonly Row[] = [
  {
    name: 'init',
    words: '<target>...',
    about: 'Scan once, and write the file and the policy',
    load: () => import('./init.ts'),
  },
  {
    name: 'check',
    words: '[file]',
    about: 'Every mistake in the file; or what is due when',
    load: () => import('./check.ts'),
  },
  {
    name: 'run',
    words: '[file]',
    about: 'Scan what is due, when it is due, until it is stopped',
    load: () => import('./run.ts'),
  },
  {
    name: 'status',
    words: '[name]',
    about: 'What is wrong now, since when, how old that is',
    load: () => import('./status.ts'),
  },
  {
    name: 'incidents',
    words: '[name|id]',
    about: 'What is wrong, since when, and what has happened to it',
    load: () => import('./incidents.ts'),
  },
  {
    name: 'ack',
    words: '<incident>',
    about: 'Say that somebody knows: it is not told again',
    load: () => import('./ack.ts'),
  },
  {
    name: 'silence',
    words: '<matcher>',
    about: 'Keep monitors quiet for a while',
    load: () => import('./silence.ts'),
  },
  {
    name: 'runs',
    words: '[name]',
    about: 'The scans that were made',
    load: () => import('./runs.ts'),
  },
  {
    name: 'changes',
    words: '[name]',
    about: 'What changed, and when',
    load: () => import('./changes.ts'),
  },
  {
    name: 'show',
    words: '<run>',
    about: 'The report of a scan, in any format',
    load: () => import('./show.ts'),
  },
  {
    name: 'diff',
    words: '<before> <after>',
    about: 'What changed from one scan to another',
    load: () => import('./diff.ts'),
  },
  {
    name: 'now',
    words: '<name>',
    about: 'Scan it now, whenever it is due',
    load: () => import('./now.ts'),
  },
  {
    name: 'pause',
    words: '<name>',
    about: 'Scan it no more, until it is resumed',
    load: () => import('./pause.ts'),
  },
  {
    name: 'resume',
    words: '<name>',
    about: 'Scan it again when it is due',
    load: () => import('./resume.ts'),
  },
  {
    name: 'test-alert',
    words: '<channel>',
    about: 'Try whether a channel tells people',
    load: () => import('./test-alert.ts'),
  },
  {
    name: 'export',
    words: '[name]',
    about: 'All that is remembered, as NDJSON or CSV',
    load: () => import('./export.ts'),
  },
  {
    name: 'backup',
    words: '<file>',
    about: 'A copy of the store, taken while it is in use',
    load: () => import('./backup.ts'),
  },
  {
    name: 'migrate',
    words: '',
    about: 'Make the store of an older version one of this',
    load: () => import('./migrate.ts'),
  },
  {
    name: 'schema',
    words: '',
    about: 'The JSON Schema of the file, for editors',
    load: () => import('./schema.ts'),
  },
  {
    name: 'demo',
    words: '',
    about: 'What a watch is like, in half a minute',
    load: () => import('./demo.ts'),
  },
];
