import type { Doubt } from '../model/trouble.ts';

/** What a doubt is called, and the way out of it. */
export const doubtWords: Readonly<Record<Doubt, { readonly word: string; readonly wayOut: string }>> = {
  unreachable: {
    word: 'no connection',
    wayOut: 'see whether the port is open from here: providers that block outgoing port 25 look the same',
  },
  timeout: { word: 'no answer in time', wayOut: 'give it longer with --timeout' },
  closed: { word: 'the server hung up', wayOut: '--transcript shows what came before' },
  'tls-failed': { word: 'TLS failed', wayOut: '--transcript shows how far the handshake came' },
  throttled: { word: 'the server limits us', wayOut: 'scan again later, or let it wait with --patience 300' },
  'client-blocked': {
    word: 'our address is blocked',
    wayOut: 'scan from another address, or have this one taken off the block list',
  },
  greylisted: { word: 'greylisting', wayOut: 'scan again in some minutes, or let it wait with --patience 600' },
  'sender-rejected': { word: 'our sender or EHLO name is refused', wayOut: 'give others with --sender and --helo' },
  'budget-spent': {
    word: 'cut short to spare the server',
    wayOut: 'scan again, with fewer questions at a time (--probe)',
  },
  'not-permitted': { word: 'not allowed to ask', wayOut: 'allow it with --allow' },
  prerequisite: { word: 'hangs on another question', wayOut: 'see the question it hangs on' },
  ambiguous: { word: 'can be read two ways', wayOut: '--transcript shows the whole dialogue' },
};
