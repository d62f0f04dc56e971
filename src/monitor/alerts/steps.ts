import { createHash } from 'node:crypto';
import { type Severity, severities } from '../../model/judgement.ts';
import { isAtLeast } from '../../model/summary.ts';
import type { Happened } from './happened.ts';
import type { Heard } from './heard.ts';
import { type ClosedBecause, type Incident, type IncidentEventKind, keyOfTrouble, type Trouble } from './incident.ts';

/** How hard it is to open and to close an incident. Milliseconds. */
export interface StepRules {
  /** After how long a new fail is asked again before anybody is told; 0: it is not. */
  readonly confirm: number;
  /** Passes that close an incident. */
  readonly recover: number;
}

/** What a run makes of an incident. Null: there is none, and none begins. */
export interface Step {
  readonly incident: Incident | null;
  readonly happened: readonly Happened[];
}

/** When a run heard something. */
export interface Moment {
  readonly at: number;
  /** Null where no run is behind it. */
  readonly run: string | null;
}

export const day = 86_400_000;

/** Runs, and milliseconds, that a server must be silent for. */
const silent = { runs: 3, time: 15 * 60_000 };
const untoldRuns = 3;
/** Openings within a day that make it flap, and equal runs that end that. */
const flaps = { openings: 3, equalRuns: 4 };
const openingsKept = 8;

/**
 * The next state of an incident. `last`: the one of that trouble that is not closed, or else the newest that is; null
 * where there was never one. Pure.
 *
 * `clear → suspected → open → closed`; while it flaps, it stays open. Doubt moves nothing: it is noted.
 */
export function step(last: Incident | null, heard: Heard, rules: StepRules, moment: Moment): Step {
  const current = last === null || last.state === 'closed' ? null : last;
  if (current === null)
    return heard.what === 'fails' ? begun(last, heard, rules, moment) : { incident: null, happened: [] };
  switch (heard.what) {
    case 'fails':
      return current.state === 'suspected' ? again(current, heard, moment) : still(current, heard, moment);
    case 'doubt':
      return doubted(current, heard);
    case 'passes':
      return passed(current, heard, rules, moment);
    default:
      return closed(current, heard.what, heard, moment);
  }
}

const happened = (what: IncidentEventKind, text = ''): Happened => ({ what, who: null, text });

function begun(last: Incident | null, heard: Heard, { confirm }: StepRules, moment: Moment): Step {
  const { at } = moment;
  const recent = (last?.openings ?? []).filter((opening) => opening > at - day);
  const incident: Incident = {
    ...heard.trouble,
    ...facts(heard, moment),
    id: incidentId(heard.trouble, at),
    state: 'suspected',
    openedAt: at,
    openedRun: moment.run,
    confirmedAt: null,
    closedAt: null,
    closedBecause: null,
    before: heard.before,
    ackedAt: null,
    ackedBy: null,
    ackedUntil: null,
    flappingSince: null,
    openings: [...recent, at].slice(-openingsKept),
    streak: 1,
  };
  const isOpen = isConfirmed(incident, heard, at, confirm);
  return isOpen ? opened(incident, at) : { incident, happened: [happened('suspected', heard.now.because)] };
}

/** Seen again while it was suspected. */
function again(current: Incident, heard: Heard, moment: Moment): Step {
  const incident = { ...current, ...facts(heard, moment), streak: current.streak + 1 };
  return isConfirmed(incident, heard, moment.at, 0) ? opened(incident, moment.at) : { incident, happened: [] };
}

function isConfirmed({ openedAt, streak, openings }: Incident, heard: Heard, at: number, confirm: number): boolean {
  if (openings.length >= flaps.openings) return true;
  switch (heard.trouble.kind) {
    case 'finding':
      return heard.isSure || confirm === 0;
    case 'untold':
      return heard.mustTell || streak >= untoldRuns;
    case 'unreachable':
      return streak >= silent.runs && at - openedAt >= silent.time;
    default:
      return true;
  }
}

function opened(suspected: Incident, at: number): Step {
  const { openings, now } = suspected;
  const incident: Incident = { ...suspected, state: 'open', confirmedAt: at, streak: 1 };
  if (openings.length < flaps.openings) return { incident, happened: [happened('opened', now.because)] };
  const text = `opened ${openings.length} times within a day`;
  return { incident: { ...incident, flappingSince: at }, happened: [happened('flapping', text)] };
}

/** Fails on. */
function still(current: Incident, heard: Heard, moment: Moment): Step {
  const isWorse = heard.severity !== current.severity && isAtLeast(heard.severity, current.severity);
  const streak = Math.max(0, current.streak) + 1;
  const incident = { ...current, ...facts(heard, moment), streak };
  const known = [
    ...(current.doubt === null ? [] : [happened('seen-again')]),
    ...moved('joined', heard.members, current.members),
    ...moved('left', current.members, heard.members),
  ];
  if (current.flappingSince !== null && streak >= flaps.equalRuns)
    return settled({ ...incident, flappingSince: null, openings: [] }, known);
  if (!isWorse) return { incident, happened: known };
  return worse(incident, current.severity, known);
}

const settled = (incident: Incident, known: readonly Happened[]): Step => ({
  incident,
  happened: [...known, happened('settled', incident.now.because)],
});

/** Who has said that they know knew of something lighter. */
function worse(incident: Incident, was: Severity, known: readonly Happened[]): Step {
  const text = `from ${was} to ${incident.severity}`;
  const isAcked = incident.ackedAt !== null;
  const ack = isAcked ? { ackedAt: null, ackedBy: null, ackedUntil: null } : {};
  return {
    incident: { ...incident, ...ack },
    happened: [...known, ...(isAcked ? [happened('unacked', text)] : []), happened('worse', text)],
  };
}

const moved = (what: 'joined' | 'left', these: readonly string[], those: readonly string[]): Happened[] =>
  these.filter((one) => one !== '' && !those.includes(one)).map((address) => happened(what, address));

/** Neither opens nor closes, nor is it the same again. */
function doubted(current: Incident, { now }: Heard): Step {
  if (current.doubt !== null) return { incident: current, happened: [] };
  return { incident: { ...current, doubt: now.because }, happened: [happened('doubted', now.because)] };
}

function passed(current: Incident, heard: Heard, { recover }: StepRules, moment: Moment): Step {
  if (current.state === 'suspected') return closed(current, 'unconfirmed', heard, moment);
  const streak = Math.min(0, current.streak) - 1;
  const wanted = current.flappingSince === null ? recover : Math.max(recover, flaps.equalRuns);
  if (-streak >= wanted) return closed({ ...current, streak }, 'recovered', heard, moment);
  return { incident: { ...current, streak, doubt: null }, happened: [] };
}

function closed(current: Incident, why: ClosedBecause, { now }: Heard, { at }: Moment): Step {
  const because = current.state === 'suspected' ? 'unconfirmed' : why;
  const isSettled = current.flappingSince !== null;
  const incident: Incident = {
    ...current,
    state: 'closed',
    closedAt: at,
    closedBecause: because,
    members: [],
    // What stands beside the last words is what it was before.
    ...(because === 'recovered' ? { before: current.now, now, doubt: null } : {}),
    ...(isSettled ? { openings: [] } : {}),
  };
  return { incident, happened: [happened('closed', because)] };
}

const facts = ({ severity, members, now, headline, fix }: Heard, { at, run }: Moment) => ({
  severity,
  members,
  now,
  headline,
  fix,
  doubt: null,
  lastSeenAt: at,
  lastSeenRun: run,
});

/** 12 hexadecimal digits; the same trouble that begins at the same time is the same incident. */
const incidentId = (trouble: Trouble, at: number): string =>
  createHash('sha256')
    .update(`${keyOfTrouble(trouble)} ${at}`)
    .digest('hex')
    .slice(0, 12);

/**
 * When a run that asks again about what is suspected is wanted, milliseconds UTC; null where the usual ones will do.
 * Silence of a server is told when it has lasted, so that it is asked for the last time when that is over.
 */
export function askAgainAt(
  { state, kind, openedAt, streak }: Incident,
  { confirm }: StepRules,
  at: number,
): number | null {
  if (state !== 'suspected') return null;
  if (kind === 'finding') return at + confirm;
  if (kind !== 'unreachable') return null;
  return streak < silent.runs - 1 ? at + confirm : Math.max(at + confirm, openedAt + silent.time);
}

/** The worst first, then the oldest. */
export const worstFirst = (a: Incident, b: Incident): number =>
  severities.indexOf(b.severity) - severities.indexOf(a.severity) || a.openedAt - b.openedAt;
