import type { Incident } from '../monitor/alerts/incident.ts';
import { durationWords } from '../monitor/words/common.ts';
import { aboutWords } from '../monitor/words/incidents.ts';
import { kindOf } from '../report/html/chip.tsx';
import { sentence } from '../report/sentence.ts';
import { weights } from '../report/weights.ts';
import { monitorLink, Time } from './bits.tsx';

interface Listed {
  readonly incidents: readonly Incident[];
  readonly now: number;
}

/** Incidents one below the other, each a link to all that is known of it. */
export const IncidentList = ({ incidents, now }: Listed) => (
  <ul class="jumps incidents">
    {incidents.map((incident) => (
      <Item incident={incident} now={now} />
    ))}
  </ul>
);

function Item({ incident, now }: { readonly incident: Incident; readonly now: number }) {
  const { id, severity, headline, monitor, openedAt, state } = incident;
  return (
    <li>
      <Chip severity={severity} isOver={state === 'closed'} />
      <span>
        <a href={`/i/${id}`}>{sentence(headline)}</a>{' '}
        <small>
          {monitor !== '' && (
            <>
              <a href={monitorLink(monitor)}>{monitor}</a>,{' '}
            </>
          )}
          {aboutWords(incident)}. {stateWords(incident, now)} <Time at={openedAt} />
          {tailWords(incident)}.
        </small>
      </span>
    </li>
  );
}

const Chip = ({ severity, isOver }: { readonly severity: Incident['severity']; readonly isOver: boolean }) => (
  <b class={`chip ${isOver ? 'plain' : kindOf(severity)}`}>{weights[severity].word}</b>
);

/** What stands before the time that it was opened at. */
export function stateWords({ state, openedAt, closedAt }: Incident, now: number): string {
  const took = durationWords(Math.max(0, (closedAt ?? now) - openedAt));
  if (state === 'closed') return `Closed after ${took}; opened`;
  return state === 'open' ? `Open for ${took}, since` : `Suspected for ${took}, and not confirmed yet, since`;
}

function tailWords({ ackedBy, flappingSince, doubt, state, closedBecause }: Incident): string {
  const parts = [
    ...(ackedBy === null ? [] : [`known to ${ackedBy}`]),
    ...(flappingSince === null ? [] : ['it comes and goes']),
    ...(doubt === null || state === 'closed' ? [] : [`since it was last seen: ${doubt}`]),
    ...(closedBecause === null ? [] : [closedBecause]),
  ];
  return parts.map((part) => `; ${part}`).join('');
}
