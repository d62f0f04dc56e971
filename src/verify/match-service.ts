import type { EndpointReport } from '../model/report.ts';
import type { PostfixConfiguration, SmtpdService } from '../postfix/configuration.ts';

/** The service that answers at an endpoint, by the files. */
export interface Match {
  readonly service: SmtpdService | null;
  /** False: it is another one's, in the place of a line of master.cf that was not given. */
  readonly isOwn: boolean;
  /** What is assumed. */
  readonly notes: readonly string[];
}

const portOfRole = { mx: 25, submission: 587, submissions: 465 } as const;

/** By name where the user gives one (`--service`), else by port, else by what the port is for. */
export function matchService(
  { services, masterGiven }: PostfixConfiguration,
  endpoint: Pick<EndpointReport, 'port' | 'role'>,
  named: string | null,
): Match {
  const inet = services.filter(({ type }) => type === 'inet');
  const own =
    named === null ? inet.find(({ port }) => port === endpoint.port) : inet.find(({ name }) => name === named);
  if (own !== undefined) return throughPostscreen(services, own, []);
  const usual = portOfRole[endpoint.role];
  const isWellKnown = Object.values<number>(portOfRole).includes(endpoint.port);
  const likely = named !== null || isWellKnown ? undefined : inet.find(({ port }) => port === usual);
  if (likely !== undefined) {
    const note = `port ${endpoint.port} is in no line of the files: taken for ${likely.name} (port ${usual}); --service names another`;
    return throughPostscreen(services, likely, [note]);
  }
  if (masterGiven) return { service: null, isOwn: false, notes: [] };
  // Without master.cf the parameters of main.cf are all that is known of the users' ports.
  const note = 'master.cf may have other values for this port, and was not given: --master';
  return { service: inet[0] ?? null, isOwn: false, notes: [note] };
}

function throughPostscreen(services: readonly SmtpdService[], service: SmtpdService, notes: readonly string[]): Match {
  if (service.program !== 'postscreen') return { service, isOwn: true, notes };
  const smtpd = services.find(({ type, program }) => type === 'pass' && program === 'smtpd') ?? null;
  return {
    service: smtpd,
    isOwn: true,
    notes: [...notes, 'postscreen is in front: what it refuses itself is not compared'],
  };
}
