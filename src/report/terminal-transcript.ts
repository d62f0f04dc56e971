import type { Reported } from '../model/reported.ts';
import type { SessionTranscript, TranscriptEvent } from '../model/transcript.ts';
import { endpointName } from './endpoint-name.ts';
import { blank, gap, type Para, type Span } from './layout.ts';

/**
 * Every dialogue with an endpoint: event number, seconds, `*` for inside TLS, `C:` for us, `S:` for them, `--` for
 * remarks.
 */
export function transcriptParas({ id, sessions }: Reported): Para[] {
  return [
    blank,
    {
      indent: 2,
      lead: [['strong', `Dialogues with ${endpointName(id)}`], gap],
      text: '(* = inside TLS, C = us, S = the server)',
    },
    ...sessions.flatMap(sessionParas),
  ];
}

function sessionParas({ id, events }: SessionTranscript): Para[] {
  let probe = '';
  const lines = events.flatMap((event, number) => {
    const changed = event.probe !== probe;
    probe = event.probe;
    return [...(changed ? [asking(event.probe)] : []), line(event, number)];
  });
  return [{ indent: 4, lead: [['strong', id]] }, ...lines];
}

const asking = (probe: string): Para => ({ indent: 6, text: `[${probe}]`, style: 'faint' });

const marks: Record<TranscriptEvent['from'], Span> = {
  us: ['strong', 'C: '],
  them: ['plain', 'S: '],
  scanner: ['faint', '-- '],
};

function line(event: TranscriptEvent, number: number): Para {
  const where = `#${String(number).padEnd(4)}${event.at.toFixed(3).padStart(8)} ${event.tls ? '*' : ' '} `;
  return {
    indent: 6,
    lead: [['faint', where], marks[event.from]],
    text: event.text,
    style: event.from === 'scanner' ? 'faint' : 'plain',
  };
}
