import { brief } from '../model/host-port.ts';
import { UsageError } from '../model/usage-error.ts';
import { type Problem, weights } from '../model/verification.ts';
import { problemsIn } from './check/problems.ts';
import { disabledBy } from './disabled.ts';
import type { MasterEntry } from './master-entry.ts';
import { odd, quoted } from './problem.ts';
import { readMain, type Written } from './read-main.ts';
import { readMaster, stockEntry } from './read-master.ts';
import { hostAndPort, portNames } from './service-port.ts';
import { type Layer, type Scope, type Setting, settingIn } from './setting.ts';
import type { SourceText } from './source-text.ts';
import { type Version, versionOf, versionsWith } from './version.ts';

export type { Setting } from './setting.ts';

export interface PostfixConfiguration {
  /** Such as `3.7` or `3.7.11`: given, or as postconf printed it; null where nobody told. */
  readonly version: string | null;
  /**
   * The services on the network that speak SMTP, in the order of master.cf; without one, the stock `smtp` on port 25.
   */
  readonly services: readonly SmtpdService[];
  readonly masterGiven: boolean;
  /**
   * The user's word on what Dovecot's `auth_mechanisms`, or Cyrus SASL's `mech_list`, says; null where they gave none.
   */
  readonly mechanisms: readonly string[] | null;
  readonly problems: readonly Problem[];
  /** Every parameter that main.cf (or postconf) sets; where it is set twice, the last. */
  readonly written: ReadonlyMap<string, Written>;
}

export interface SmtpdService {
  /** As written: `smtp`, `submission`, `127.0.0.1:10025`, `[::1]:smtp`. */
  readonly name: string;
  readonly host: string | null;
  /** null where the name is not that of a port, as with `pass`. */
  readonly port: number | null;
  /** `pass`: behind postscreen, which hands connections over. */
  readonly type: 'inet' | 'pass';
  readonly program: 'smtpd' | 'postscreen';
  /** Processes at most; 0: no limit; null: `default_process_limit`. */
  readonly maxproc: number | null;
  /** null: by compatibility level. */
  readonly chroot: boolean | null;
  readonly line: number | null;
  /** Parameters that its line in master.cf sets (`-o`, `postconf -P`). */
  readonly overrides: readonly string[];
  /**
   * The value in force for this service: its own (`-o`, `postconf -P`), else main.cf's, else the default of the
   * version.
   */
  setting(parameter: string): Setting;
}

/**
 * Reads main.cf or the output of `postconf`, `postconf -n` or `postconf -d`, and master.cf or the output of `postconf
 * -M` and `postconf -P`, if given. `version` (`3.7`, `3.7.11`) decides the defaults; where nobody tells it, only those
 * count that all versions share. `mechanisms`: the user's word on what Dovecot or Cyrus SASL offers. What Postfix would
 * stumble over is in `problems`; throws UsageError for files that are not Postfix's.
 */
export function readPostfix(
  main: SourceText,
  options: {
    readonly master?: SourceText | null;
    readonly version?: string | null;
    readonly mechanisms?: readonly string[] | null;
  } = {},
): PostfixConfiguration {
  const { written, problems } = readMain(main);
  const version = options.version ?? written.get('mail_version')?.value ?? null;
  const versions =
    version === null ? versionsWith(written.get('compatibility_level')?.value ?? null) : [releaseOf(version)];
  const master = options.master ? readMaster(options.master, versions) : null;
  const mechanisms = options.mechanisms ?? null;
  const masterName = options.master?.name ?? '';
  const layer: Layer = { file: main.name, written };
  const outside: Scope = { master: null, main: layer, versions, service: null };
  const entries = master?.entries ?? stockEntries;
  const isDisabled = disabledBy(settingIn(outside, 'master_service_disable').value ?? '');
  const running = entries
    .filter((entry) => !isDisabled(entry))
    .map((entry) => ({ entry, scope: scopeOf(entry, master === null ? null : masterName, outside) }));
  const all = servicesOf(running, outside);
  const services = lastOfEachPort(all);
  const counting = new Set(services);
  const inVain = all.filter((service) => !counting.has(service));
  return {
    version,
    services,
    masterGiven: master !== null,
    mechanisms,
    problems: byWeight([
      ...problems,
      ...(master?.problems ?? []),
      ...inVain.map(({ name, line }) => ({ file: masterName, line, parameter: null, ...odd(overruled(name)) })),
      ...problemsIn({
        outside,
        programs: running.map(({ entry, scope }) => ({ name: entry.program, scope })),
        services: master === null ? null : new Set(entries.map(({ name }) => name)),
        mechanisms,
      }),
    ]),
    written,
  };
}

/** The heaviest first; in the order of the files where they weigh the same. */
const byWeight = (problems: readonly Problem[]): Problem[] =>
  weights.flatMap((weight) => problems.filter((problem) => problem.weight === weight));

/** What master.cf holds as it comes with Postfix, as far as programs read main.cf; the others have no port. */
const stockEntries: readonly MasterEntry[] = [
  stockEntry('smtp', 'inet', 'smtpd'),
  ...`anvil bounce cleanup discard error flush lmtp local pickup postlogd proxymap qmgr scache showq smtp tlsmgr
    trivial-rewrite verify virtual`
    .split(/\s+/)
    .map((program) => stockEntry(program, 'unix', program)),
];

/** `smtp` and `25` are one service to Postfix, which takes the last. */
function lastOfEachPort(services: readonly SmtpdService[]): SmtpdService[] {
  const keyOf = ({ type, host, port }: SmtpdService) => `${type} ${host} ${port}`;
  const last = new Map(services.map((service) => [keyOf(service), service]));
  return services.filter((service) => service.port === null || last.get(keyOf(service)) === service);
}
const overruled = (name: string) => `${quoted(name)} has the port of a service further down, which counts`;

function releaseOf(version: string): Version {
  const release = versionOf(version);
  if (release !== null) return release;
  throw new UsageError(`"${brief(version)}" is no version of Postfix: it is a number such as 3.7 or 3.7.11`);
}

function scopeOf({ name, program, overrides }: MasterEntry, file: string | null, outside: Scope): Scope {
  const master = file === null ? null : { file, written: overrides };
  return { ...outside, master, service: { name, program } };
}

interface Running {
  readonly entry: MasterEntry;
  readonly scope: Scope;
}

function servicesOf(running: readonly Running[], outside: Scope): SmtpdService[] {
  const names = portNames(settingIn(outside, 'known_tcp_ports').value ?? '');
  return running.flatMap(({ entry, scope }): SmtpdService[] => {
    const { name, type, program, maxproc, chroot, line } = entry;
    const overrides = [...entry.overrides.keys()];
    if (type !== 'inet' && type !== 'pass') return [];
    if (program !== 'smtpd' && program !== 'postscreen') return [];
    const place = type === 'inet' ? hostAndPort(name, names) : { host: null, port: null };
    const setting = (parameter: string) => settingIn(scope, parameter);
    return [{ name, ...place, type, program, maxproc, chroot, line, overrides, setting }];
  });
}
