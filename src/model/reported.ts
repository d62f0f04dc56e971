import { lookupSession, lookupWords } from './lookup.ts';
import type { EndpointReport, MtaGuess, Report, TargetReport } from './report.ts';
import type { SessionTranscript } from './transcript.ts';

/**
 * What findings are about: an endpoint, or a domain. A domain has no address, port and role; its look-ups are its one
 * session, so that a cite means the same in both.
 */
export type Reported = Pick<EndpointReport, 'id' | 'findings' | 'observations' | 'sessions' | 'mta' | 'cost'> &
  Partial<Pick<EndpointReport, 'host' | 'address' | 'port' | 'role' | 'tls'>>;

export const isEndpoint = (reported: Reported): reported is EndpointReport => reported.port !== undefined;

/** All that findings of a report are about: the domains, then the endpoints. */
export const reportedIn = ({ targets, endpoints }: Pick<Report, 'targets' | 'endpoints'>): Reported[] => [
  ...targets.flatMap(ofDomain),
  ...endpoints,
];

const noMta: MtaGuess = { name: null, version: null, by: null };
const noCost = { connections: 0, commands: 0, bytesSent: 0, bytesReceived: 0, seconds: 0 };

/** Nothing where nothing was asked about it. */
function ofDomain({ domain, findings = [], observations = {}, lookups = [] }: TargetReport): Reported[] {
  if (domain === undefined) return [];
  return [{ id: domain, findings, observations, sessions: [sessionOf(lookups)], mta: noMta, cost: noCost }];
}

const sessionOf = (lookups: NonNullable<TargetReport['lookups']>): SessionTranscript => ({
  id: lookupSession,
  events: lookups.map((lookup) => ({ at: 0, from: 'them', tls: false, probe: '', text: lookupWords(lookup) })),
});
