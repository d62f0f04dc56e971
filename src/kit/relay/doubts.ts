import type { Doubt } from '../../model/trouble.ts';
import type { Meaning } from '../../mta/reply-meaning.ts';
import { doubtOf as usualDoubt, explain as usualWords } from '../../mta/unanswered.ts';

/** The doubt that a reply leaves which is no answer about relaying. */
export const relayDoubt = (meaning: Meaning): Doubt => (meaning === 'our-domain' ? 'ambiguous' : usualDoubt(meaning));

/** Half a sentence on such a reply. */
export const relayWords = (meaning: Meaning): string =>
  meaning === 'our-domain'
    ? 'it refuses the outside domain as such, not relaying to it: give one that resolves and takes mail with --external and --sender'
    : usualWords(meaning);
