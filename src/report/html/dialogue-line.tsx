import type { TranscriptEvent } from '../../model/transcript.ts';
import { cut, speaker, speakers } from './speech.ts';

interface Line {
  readonly event: TranscriptEvent;
  readonly number: number;
  /** Named where the dialogue is an excerpt. */
  readonly session?: string;
  readonly quoted?: boolean;
  readonly id?: string | null;
}

/** `#12 0.233* S: 250 Ok`: number, seconds, `*` inside TLS, who speaks, and what. */
export function DialogueLine({ event, number, session, quoted = false, id }: Line) {
  const from = speaker(event.from);
  return (
    <li class={quoted ? `${from} quoted` : from} {...(id == null ? {} : { id })}>
      <i>
        {session !== undefined && `${session} `}#{number} {event.at.toFixed(3)}
        {event.tls === true && '*'}
      </i>{' '}
      <b>{speakers[from].mark}</b> <samp>{cut(event.text)}</samp>
    </li>
  );
}
