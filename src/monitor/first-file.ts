import { hostNameOf } from '../model/host-name.ts';
import type { Target } from '../model/target.ts';
import { isPublicAddress } from '../model/vantage.ts';

/** What the first file of a monitor is made of. */
export interface First {
  readonly targets: readonly Target[];
  /** The file of the policy, as the new file calls it. */
  readonly policy: string;
  readonly timezone: string;
  /** Null: the name of the host. */
  readonly helo: string | null;
  /** A domain that the servers accept mail for; null: that of the target. */
  readonly domain: string | null;
  /** Whether servers of domains may have private addresses. */
  readonly private: boolean;
  /** ISO 8601. */
  readonly day: string;
}

/** The text of a file with comments, to begin with: everything every hour. */
export function firstFile({ targets, policy, timezone, helo, day, ...rest }: First): string {
  return `# What mxprobe watches. "mxprobe monitor check" says every mistake in this file, and what is due when.

store: ./mxprobe.db # what was seen of the servers; it is made at the first run

defaults:
  timezone: ${quoted(timezone)}
  policy: ${quoted(policy)} # what the servers met on ${day.slice(0, 10)}; "mxprobe policy --help" says more
${helo === null ? '' : `  helo: ${quoted(helo)}\n`}
# Who is told; without it nobody is. "mxprobe monitor test-alert postmaster" tries it.
# channels:
#   postmaster: { mail: { to: you@example.org, server: 'smtps://you@mail.example.net', password: { env: MAIL_PASSWORD } } }

# Pages are at http://127.0.0.1:9725, for this machine alone:
# web: { listen: none }

schedules:
  scan: { every: 1h }
  # Limits are measured under load. That takes your word that you may, and a quiet hour:
  # limits: { cron: '17 3 * * SUN', allow: load, authorized: true, window: '02:00-05:00' }

monitors:
${[...byHost(targets)].map(([name, ofHost]) => monitorLine(name, ofHost, rest)).join('')}`;
}

/** Targets of one host are one monitor, called like it. */
function byHost(targets: readonly Target[]): Map<string, Target[]> {
  const monitors = new Map<string, Target[]>();
  for (const target of targets) {
    const name = nameFor(hostOf(target));
    monitors.set(name, [...(monitors.get(name) ?? []), target]);
  }
  return monitors;
}

const hostOf = (target: Target): string =>
  target.kind === 'name' ? target.name : target.kind === 'address' ? target.address : target.host;

/** A name as the file takes it. */
const nameFor = (host: string): string =>
  host
    .replace(/[^A-Za-z0-9_.-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64) || 'host';

function monitorLine(name: string, targets: readonly Target[], rest: Pick<First, 'domain' | 'private'>): string {
  const isInside = targets.map(hostOf).some((host) => hostNameOf(host).kind !== 'name' && !isPublicAddress(host));
  const inputs = targets.map(({ input }) => quoted(input.trim())).join(', ');
  const domain = rest.domain === null ? '' : `, domain: ${quoted(rest.domain)}`;
  return `  ${quoted(name)}: { targets: [${inputs}]${domain}${rest.private || isInside ? ', private: true' : ''} }\n`;
}

/** As YAML and JSON have it, where YAML could read something else. */
const quoted = (text: string): string =>
  /^(\.\/)?[A-Za-z][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
