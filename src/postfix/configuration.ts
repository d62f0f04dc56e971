import { brief } from '../model/host-port.ts';
import { UsageError } from '../model/usage-error.ts';
import { isDisabled } from './disabled.ts';
import type { MasterEntry } from './master-entry.ts';
import { problemsIn } from './oddities.ts';
import { type Problem, quoted } from './problem.ts';
import { readMain, type Written } from './read-main.ts';
import { readMaster, stockEntry } from './read-master.ts';
import { hostAndPort, portNames } from './service-port.ts';
import { type Layer, type Scope, type Setting, settingIn } from './setting.ts';
import { type Version, versionOf, versionsWith } from './version.ts';

export type { Problem } from './problem.ts';
export type { Setting } from './setting.ts';

/** A file, and how the user wrote its name, for messages. */
export interface SourceText {
  readonly name: string;
  readonly text: string;
}

export interface PostfixConfiguration {
  /** Such as `3.7` or `3.7.11`: given, or as postconf printed it; null where nobody told. */
  readonly version: string | null;
  /** The services on the network that speak SMTP, in the order of master.cf; without one, the stock `smtp` on port 25. */
  readonly services: readonly SmtpdService[];
  readonly masterGiven: boolean;
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
  /** The value in force for this service: its own (`-o`, `postconf -P`), else main.cf's, else the default of the version. */
  setting(parameter: string): Setting;
}

/**
 * Reads main.cf or the output of `postconf`, `postconf -n` or `postconf -d`, and master.cf or the output of `postconf -M` and `postconf -P`,
 * if given. `version` (`3.7`, `3.7.11`) decides the defaults; where nobody tells it, only those count that all versions share. Throws
 * UsageError, with file and line, for what Postfix could not read either.
 */
export function readPostfix(
  main: SourceText,
  options: { readonly master?: SourceText; readonly version?: string } = {},
): PostfixConfiguration {
  const { written, problems } = readMain(main);
  const version = options.version ?? written.get('mail_version')?.value ?? null;
  const versions =
    version === null ? versionsWith(written.get('compatibility_level')?.value ?? null) : [releaseOf(version)];
  const master = options.master === undefined ? null : readMaster(options.master);
  const layer: Layer = { file: main.name, written };
  const entries = master?.entries ?? [stockEntry('smtp', 'inet')];
  const scopes = entries.map((entry) => scopeOf(entry, options.master?.name ?? '', layer, versions));
  const outside: Scope = { master: null, main: layer, versions, service: null };
  const services = servicesOf(entries, scopes, outside);
  const inVain = services.filter((one, index) => services.slice(index + 1).some((later) => sharePort(one, later)));
  return {
    version,
    services: services.filter((service) => !inVain.includes(service)),
    masterGiven: master !== null,
    problems: [
      ...problems,
      ...(master?.problems ?? []),
      ...inVain.map(({ name, line }) => ({ file: options.master?.name ?? '', line, message: overruled(name) })),
      ...problemsIn(outside, scopes),
    ],
    written,
  };
}

/** `smtp` and `25` are one service to Postfix, which takes the last. */
const sharePort = (one: SmtpdService, other: SmtpdService) =>
  one.port !== null && one.type === other.type && one.port === other.port && one.host === other.host;
const overruled = (name: string) => `${quoted(name)} has the port of a service further down, which counts`;

function releaseOf(version: string): Version {
  const release = versionOf(version);
  if (release !== null) return release;
  throw new UsageError(`"${brief(version)}" is no version of Postfix: it is a number such as 3.7 or 3.7.11`);
}

function scopeOf(entry: MasterEntry, file: string, main: Layer, versions: readonly Version[]): Scope {
  return {
    master: { file, written: entry.overrides },
    main,
    versions,
    service: { name: entry.name, program: entry.program },
  };
}

function servicesOf(entries: readonly MasterEntry[], scopes: readonly Scope[], outside: Scope): SmtpdService[] {
  const disabled = settingIn(outside, 'master_service_disable').value ?? '';
  const names = portNames(settingIn(outside, 'known_tcp_ports').value ?? '');
  return entries.flatMap((entry, index): SmtpdService[] => {
    const { name, type, program, maxproc, chroot, line } = entry;
    const scope = scopes[index] ?? outside;
    if (type !== 'inet' && type !== 'pass') return [];
    if (program !== 'smtpd' && program !== 'postscreen') return [];
    if (isDisabled(entry, disabled)) return [];
    const place = type === 'inet' ? hostAndPort(name, names) : { host: null, port: null };
    const setting = (parameter: string) => settingIn(scope, parameter);
    return [{ name, ...place, type, program, maxproc, chroot, line, setting }];
  });
}
