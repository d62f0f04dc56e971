import { roles, tlsModes } from '../model/endpoint.ts';
import { safeties, severities } from '../model/judgement.ts';
import { didYouMean } from '../model/nearest.ts';
import { defaultRestraint, type Restraint } from '../model/restraint.ts';
import type { Target } from '../model/target.ts';
import { UsageError } from '../model/usage-error.ts';
import { address, dnsServer, domain, heloName, mailAddress, oneOf } from './option-values.ts';
import { defaultOptions, type ScanOptions } from './options.ts';

/** Throws a `UsageError` that names the field. */
type Check = (field: string, value: unknown) => void;

const be = (what: string, fits: (value: unknown) => boolean): Check => {
  return (field, value) => {
    if (!fits(value)) throw new UsageError(`${field}: ${shown(value)} is not ${what}`);
  };
};

const text = be('a text', (value) => typeof value === 'string');
const isWhole = (value: unknown, low: number, high: number) =>
  Number.isInteger(value) && Number(value) >= low && Number(value) <= high;
const count = be('a whole number from 1 on', (value) => isWhole(value, 1, Number.MAX_SAFE_INTEGER));
const seconds = be('a number of seconds above 0', (value) => typeof value === 'number' && value > 0);
const port = be('a port from 1 to 65535', (value) => isWhole(value, 1, 65_535));
const list = be('a list', Array.isArray);
const aFunction = be('a function', (value) => typeof value === 'function');

const read =
  (reader: (field: string, value: string) => unknown): Check =>
  (field, value) => {
    text(field, value);
    reader(field, String(value));
  };
const orNull =
  (check: Check): Check =>
  (field, value) =>
    value === null || check(field, value);
const listOf =
  (check: Check): Check =>
  (field, value) => {
    list(field, value);
    for (const [index, one] of (value as readonly unknown[]).entries()) check(`${field}[${index}]`, one);
  };
const fieldsOf =
  (checks: Readonly<Record<string, Check>>): Check =>
  (field, value) => {
    be('an object', (one) => typeof one === 'object' && one !== null)(field, value);
    for (const [name, check] of Object.entries(checks))
      check(`${field}.${name}`, (value as Record<string, unknown>)[name]);
  };

const perhaps: Readonly<Partial<Record<keyof Restraint, Check>>> = {
  patienceSeconds: be('a number of seconds from 0 on', (value) => typeof value === 'number' && value >= 0),
};
const checkRestraint = fieldsOf(
  Object.fromEntries(
    Object.keys(defaultRestraint).map((name) => {
      return [name, perhaps[name as keyof Restraint] ?? (name.endsWith('Seconds') ? seconds : count)];
    }),
  ),
);

/** One check for each option; those that a type checker keeps right and that no harm comes of are left alone. */
const checks: Readonly<Partial<Record<keyof ScanOptions, Check>>> = {
  helo: read(heloName),
  allow: read(oneOf(safeties)),
  authorized: be('true or false', (value) => typeof value === 'boolean'),
  probes: listOf(text),
  skip: listOf(text),
  ports: orNull(listOf(port)),
  domain: orNull(read(domain)),
  recipient: orNull(read(mailAddress)),
  external: orNull(read(mailAddress)),
  sender: orNull(read(mailAddress)),
  vantage: orNull(read(oneOf(['outside', 'trusted']))),
  family: orNull(be('4 or 6', (value) => value === 4 || value === 6)),
  dns: orNull(read(dnsServer)),
  dnsTrusted: be('true or false', (value) => typeof value === 'boolean'),
  private: be('true or false', (value) => typeof value === 'boolean'),
  blockLists: listOf(read(domain)),
  egress: orNull(read(address)),
  sink: orNull(fieldsOf({ shown: text, domain: read(domain), mint: aFunction, arrivals: aFunction })),
  inbox: orNull(fieldsOf({ shown: text, find: aFunction })),
  waitSeconds: seconds,
  tlsCa: orNull(text),
  failOn: read(oneOf(severities)),
  restraint: checkRestraint,
  policy: fieldsOf({ name: text }),
};

/** Throws a `UsageError` that names the first option that there is none of, or that is not what it must be. */
export function checkOptions(options: object): void {
  const given = options as Readonly<Record<string, unknown>>;
  const names = ['helo', ...Object.keys(defaultOptions)];
  const stranger = Object.keys(given).find((name) => !names.includes(name));
  if (stranger !== undefined)
    throw new UsageError(
      `${stranger}: there is no such option${didYouMean(stranger, names)}: there are ${names.join(', ')}`,
    );
  for (const [field, check] of Object.entries(checks)) check(field, given[field]);
}

const targetChecks: Readonly<Record<Target['kind'], Check>> = {
  name: fieldsOf({ name: text }),
  address: fieldsOf({ address: text }),
  endpoint: fieldsOf({ host: text, port, role: read(oneOf(roles)), tls: read(oneOf(tlsModes)) }),
};

/** The same for targets: `parseTarget` makes one of a text. */
export const checkTargets: Check = listOf((field, value) => {
  if (typeof value === 'string')
    throw new UsageError(`${field}: "${value}" is a text, and no target yet: parseTarget makes one of it`);
  fieldsOf({ kind: read(oneOf(Object.keys(targetChecks))) })(field, value);
  targetChecks[(value as Target).kind](field, value);
});

const shown = (value: unknown): string => (value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value));
