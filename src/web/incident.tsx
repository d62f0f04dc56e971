import type { ComponentChildren } from 'preact';
import type { Fixes as KnownFixes } from '../model/mtas.ts';
import type { Incident, IncidentEvent, IncidentEventKind, Said, Silence } from '../monitor/alerts/incident.ts';
import { isoTime, shortId, timeWords } from '../monitor/words/common.ts';
import { aboutWords } from '../monitor/words/incidents.ts';
import { fixesOf } from '../report/fix-choice.ts';
import { Chip } from '../report/html/chip.tsx';
import { sentence } from '../report/sentence.ts';
import { monitorLink, Time } from './bits.tsx';
import { stateWords } from './incident-list.tsx';
import { Page } from './page.tsx';
import type { Visitor } from './parts.ts';
import { Quotes } from './quotes.tsx';

interface Shown {
  readonly incident: Incident;
  /** The oldest first. */
  readonly events: readonly IncidentEvent[];
  /** Those that keep it quiet. */
  readonly silences: readonly Silence[];
  readonly visitor: Visitor;
  readonly now: number;
}

/** `/i/ID`: what is wrong, what was said before and is said now, what mends it, and what has happened. */
export function IncidentPage({ incident, events, silences, visitor, now }: Shown) {
  const { id, severity, headline, before, now: said, fix, state, monitor } = incident;
  return (
    <Page title={headline} here="incidents">
      <p class="tool">Incident {shortId(id)}</p>
      <h1>{sentence(headline)}</h1>
      <p class="gist">
        <Chip severity={severity} /> {aboutWords(incident)}
      </p>
      <p class="about">
        {stateWords(incident, now)} <Time at={incident.openedAt} />.
      </p>
      {incident.doubt !== null && state !== 'closed' && (
        <p class="warning">
          Last seen <Time at={incident.lastSeenAt} />; since then: {incident.doubt}.
        </p>
      )}
      <Facts incident={incident} />
      <section>
        <h2>What the server said</h2>
        <div class="sides">
          <Heard name="Before" said={before} />
          <Heard name={state === 'closed' ? 'Last' : 'Now'} said={said} />
        </div>
      </section>
      {fix !== null && <Fixes fixes={fix} />}
      {silences.length > 0 && <Silences silences={silences} id={id} isAllowed={visitor.may.includes('act')} />}
      {visitor.may.includes('act') && state !== 'closed' && (
        <section class="forms">
          <AckForm id={id} visitor={visitor} />
          {monitor !== '' && <SilenceForm id={id} visitor={visitor} incident={incident} />}
        </section>
      )}
      <Events events={events} />
    </Page>
  );
}

/** Lines for the MTA that it is stand open; where that is not known, those for each are folded. */
function Fixes({ fixes }: { readonly fixes: KnownFixes }) {
  const all = fixesOf(fixes);
  if (all.length === 0) return null;
  return (
    <section>
      <h2>Fix</h2>
      {all.map(({ title, lines }) => (
        <details class="fixes" open={all.length === 1}>
          <summary>{title}</summary>
          <pre class="paste fix">
            {lines.map((line) => (
              <code>{line}</code>
            ))}
          </pre>
        </details>
      ))}
    </section>
  );
}

function Facts({ incident }: { readonly incident: Incident }) {
  const { monitor, members, openedRun, lastSeenAt, lastSeenRun, closedAt, closedBecause } = incident;
  const { ackedAt, ackedBy, ackedUntil, flappingSince, confirmedAt } = incident;
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    ...(monitor === '' ? [] : [['monitor', <a href={monitorLink(monitor)}>{monitor}</a>] as const]),
    ...(members.length === 0 ? [] : [['addresses', members.join(', ')] as const]),
    ['opened', <At at={incident.openedAt} run={openedRun} />],
    ...(confirmedAt === null ? [] : [['confirmed', <Time at={confirmedAt} />] as const]),
    ['last seen', <At at={lastSeenAt} run={lastSeenRun} />],
    ...(flappingSince === null ? [] : [['comes and goes since', <Time at={flappingSince} />] as const]),
    ...(ackedAt === null ? [] : [['known', ackWords(ackedBy, ackedAt, ackedUntil)] as const]),
    ...(closedAt === null
      ? []
      : [
          [
            'closed',
            <>
              <Time at={closedAt} />, {closedBecause}
            </>,
          ] as const,
        ]),
  ];
  return (
    <dl>
      {facts.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}

const ackWords = (by: string | null, at: number, until: number | null): string =>
  `to ${by ?? 'somebody'} since ${timeWords(at)}, ${until === null ? 'until it gets worse' : `until ${timeWords(until)}`}`;

const At = ({ at, run }: { readonly at: number; readonly run: string | null }) => (
  <>
    <Time at={at} />
    {run !== null && (
      <>
        , <a href={`/r/${run}`}>run {shortId(run)}</a>
      </>
    )}
  </>
);

const Heard = ({ name, said }: { readonly name: string; readonly said: Said | null }) => (
  <div>
    <h3>{name}</h3>
    {said === null ? (
      <p class="faint">It was not asked before.</p>
    ) : (
      <>
        <p>
          {said.verdict}: {sentence(said.because, false)}
        </p>
        <Quotes lines={said.quotes} />
      </>
    )}
  </div>
);

interface Form {
  readonly id: string;
  readonly visitor: Visitor;
}

/** Where nobody has said who they are, the form asks. */
const Who = ({ visitor }: { readonly visitor: Visitor }) =>
  visitor.name === null ? (
    <label>
      Your name
      <input name="who" required maxLength={100} autocomplete="name" />
    </label>
  ) : null;

const AckForm = ({ id, visitor }: Form) => (
  <form method="post" action={`/i/${id}/ack`} aria-labelledby="ack">
    <h2 id="ack">I know of it</h2>
    <p class="faint">No reminders and no escalation, until it gets worse.</p>
    <Who visitor={visitor} />
    <label>
      It holds
      <select name="until">
        <option value="">until it gets worse</option>
        <option value="4h">for 4 hours at most</option>
        <option value="1d">for a day at most</option>
        <option value="1w">for a week at most</option>
      </select>
    </label>
    <button type="submit">Acknowledge</button>
  </form>
);

const SilenceForm = ({ id, visitor, incident }: Form & { readonly incident: Incident }) => (
  <form method="post" action={`/i/${id}/silence`} aria-labelledby="silence">
    <h2 id="silence">Keep it quiet</h2>
    <p class="faint">It is scanned on; what is still open at the end is told then.</p>
    <Who visitor={visitor} />
    <label>
      What
      <select name="all">
        {incident.probe !== '' && <option value="probe">{`${incident.probe} of ${incident.monitor}`}</option>}
        <option value="monitor">{`all of ${incident.monitor}`}</option>
      </select>
    </label>
    <label>
      How long
      <select name="until">
        <option value="1h">an hour</option>
        <option value="4h">4 hours</option>
        <option value="1d">a day</option>
        <option value="1w">a week</option>
      </select>
    </label>
    <label>
      Why
      <input name="because" required maxLength={200} />
    </label>
    <button type="submit">Silence</button>
  </form>
);

interface Quiet {
  readonly silences: readonly Silence[];
  readonly id: string;
  readonly isAllowed: boolean;
}

const Silences = ({ silences, id, isAllowed }: Quiet) => (
  <section>
    <h2>Silences</h2>
    {silences.map((silence) => (
      <article class="finding plain">
        <p>
          <b>{silence.match}</b> from <Time at={silence.from} /> until <Time at={silence.until} />: {silence.because} (
          {silence.author})
        </p>
        {isAllowed && (
          <form method="post" action={`/i/${id}/unsilence`}>
            <input type="hidden" name="silence" value={silence.id} />
            <button type="submit">
              End it<span class="heard">: the silence of {silence.match}</span>
            </button>
          </form>
        )}
      </article>
    ))}
  </section>
);

const Events = ({ events }: { readonly events: readonly IncidentEvent[] }) => (
  <section>
    <h2>What has happened</h2>
    <ol class="events">
      {events.map(({ at, what, who, text }) => (
        <li>
          <time dateTime={isoTime(at) ?? ''}>{timeWords(at)}</time>
          <span>
            <b>{eventWords[what]}</b>
            {who !== null && ` by ${who}`}
            {text !== '' && `: ${text}`}
          </span>
        </li>
      ))}
    </ol>
  </section>
);

const eventWords: Readonly<Record<IncidentEventKind, string>> = {
  suspected: 'suspected',
  opened: 'opened',
  worse: 'got worse',
  joined: 'an address joined',
  left: 'an address left',
  doubted: 'in doubt',
  'seen-again': 'seen again',
  acked: 'acknowledged',
  unacked: 'the acknowledgement ended',
  flapping: 'comes and goes',
  settled: 'settled',
  reminded: 'reminded',
  escalated: 'escalated',
  closed: 'closed',
};
