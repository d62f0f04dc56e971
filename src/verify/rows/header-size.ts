import { defineRow, notVisible } from '../row.ts';

/** cleanup throws away what is too much, and says nothing. */
export const headerSizeLimit = defineRow({
  directive: 'header_size_limit',
  scope: 'host',
  probes: [],
  compare: () =>
    notVisible('what is too much is cut off a message without a word: it shows only in a mailbox of your own'),
});
