import type { SessionTranscript } from '../../../src/model/transcript.ts';

/** `C: ` is us, `S: ` the server, `-- ` the scanner. */
export function session(dialogue: string, id = 's1'): SessionTranscript {
  const events = dialogue
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .map((line, at) => ({
      at,
      from: line.startsWith('C: ')
        ? ('us' as const)
        : line.startsWith('S: ')
          ? ('them' as const)
          : ('scanner' as const),
      tls: false,
      probe: 'hello',
      text: line.slice(3),
    }));
  return { id, events };
}
