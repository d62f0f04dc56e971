import { defaultOf, hasDefault } from './defaults.ts';
import { type Expansion, expand, type Lookup } from './expand.ts';
import { isParameter } from './parameters.ts';
import type { Written } from './read-main.ts';
import type { Version } from './version.ts';

/** The value of a parameter, and where it comes from. */
export interface Setting {
  readonly parameter: string;
  /**
   * Expanded; null where it is neither set nor has a default that we know, or hangs on something that we do not know.
   */
  readonly value: string | null;
  /** `unknown`: not set, and the default hangs on the host, on the version, or is not known to us. */
  readonly from: 'master' | 'main' | 'default' | 'unknown';
  /** null where it is not written. */
  readonly place: Place | null;
  /** Before expansion. */
  readonly written: string | null;
}

/** A line of a file. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** One file's parameters, or one service's. */
export interface Layer {
  readonly file: string;
  readonly written: ReadonlyMap<string, Written>;
}

/** All that decides a value, the nearest first. */
export interface Scope {
  readonly master: Layer | null;
  readonly main: Layer;
  /** The versions that may be meant, oldest first: a default counts only if all of them have the same. */
  readonly versions: readonly Version[];
  /** What `$process_name` and `$service_name` stand for; null outside a service. */
  readonly service: { readonly name: string; readonly program: string } | null;
}

/** The setting in force: of the service, else of main.cf, else Postfix's default. */
export function settingIn(scope: Scope, parameter: string): Setting {
  const found = written(scope, parameter);
  if (found !== null) {
    const { layer, from, value } = found;
    return {
      parameter,
      value: rawParameters.has(parameter) ? value.value : agreed(scope, value.value),
      from,
      place: { file: layer.file, line: value.line },
      written: value.value,
    };
  }
  const unknown: Setting = { parameter, value: null, from: 'unknown', place: null, written: null };
  const versions = scope.versions.filter((version) => defaultIn(scope, version, parameter) !== undefined);
  const texts = versions.map((version) => defaultIn(scope, version, parameter) ?? null);
  const text = texts.at(-1) ?? null;
  if (text === null || texts.includes(null)) return unknown;
  if (rawParameters.has(parameter)) return { ...unknown, value: text, from: 'default', written: text };
  const values = versions.map((version, index) => expandIn(scope, version, texts[index] ?? '').value);
  if (new Set(values).size > 1) return unknown;
  return { ...unknown, value: values[0] ?? null, from: 'default', written: text };
}

/** Postfix reads these as they are: their dollar signs are for a later hour. */
const rawParameters: ReadonlySet<string> = new Set([
  'command_execution_directory',
  'default_rbl_reply',
  'forward_path',
  'luser_relay',
  'mailbox_command',
  'postscreen_expansion_filter',
  'postscreen_reject_footer',
  'smtpd_expansion_filter',
  'smtpd_reject_footer',
]);

export const isRaw = (parameter: string): boolean => rawParameters.has(parameter);

/** Expands a text as this version would. */
const expandIn = (scope: Scope, version: Version, text: string): Expansion => expand(text, lookupIn(scope, version));

/** What names stand for in this version, unexpanded. */
export function lookupIn(scope: Scope, version: Version): Lookup {
  return (name) => {
    if (scope.service !== null && name === 'process_name') return scope.service.program;
    if (scope.service !== null && name === 'service_name') return scope.service.name;
    const found = written(scope, name);
    return found === null ? defaultIn(scope, version, name) : found.value.value;
  };
}

function agreed(scope: Scope, text: string): string | null {
  if (!text.includes('$')) return text;
  const values = new Set(scope.versions.map((version) => expandIn(scope, version, text).value));
  return values.size === 1 ? ([...values][0] ?? null) : null;
}

function written(scope: Scope, name: string) {
  const own = scope.master?.written.get(name);
  if (scope.master !== null && own !== undefined) return { layer: scope.master, from: 'master', value: own } as const;
  const shared = scope.main.written.get(name);
  return shared === undefined ? null : ({ layer: scope.main, from: 'main', value: shared } as const);
}

/** undefined where nobody has heard of it; null where Postfix has a default that we do not know. */
function defaultIn(scope: Scope, version: Version, name: string): string | null | undefined {
  if (name === 'mydomain') return domainOf(scope, version);
  if (name === 'mail_version') return Number.isFinite(version[2]) ? version.join('.') : null;
  if (name === 'process_name' || name === 'service_name' || name === 'process_id') return null;
  return !hasDefault(name) && isParameter(name) ? null : defaultOf(name, version);
}

/** `mydomain` is what stands behind the first dot of `myhostname`. */
function domainOf(scope: Scope, version: Version): string | null {
  const own = written(scope, 'myhostname')?.value.value;
  if (own === undefined || own.includes('mydomain')) return null;
  const name = expandIn(scope, version, own).value;
  if (name === null) return null;
  return name.includes('.') ? name.slice(name.indexOf('.') + 1) : 'localdomain';
}
