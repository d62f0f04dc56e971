import type { z } from 'zod';
import { brief } from '../model/host-port.ts';
import { didYouMean } from '../model/nearest.ts';
import { policyJsonSchema } from './schema.ts';

/** One thing that is wrong with a policy, told with what would be right. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  /** It is the key at the end of the path that is wrong, not what stands under it. */
  readonly isKey: boolean;
  readonly text: string;
}

/** What zod found, in words for whoever wrote the file. */
export function problemsOf({ issues }: z.ZodError, value: unknown, probes: readonly string[]): Problem[] {
  const schema = policyJsonSchema(probes) as Schema;
  return issues.flatMap((issue) => {
    const { path } = issue;
    if (issue.code === 'unrecognized_keys') {
      const known = keysAt(schema, path);
      return issue.keys.map((key) => ({ path: [...path, key], isKey: true, text: unknownKey(path, key, known) }));
    }
    const said = (text: string): Problem[] => [
      { path, isKey: issue.code === 'invalid_key', text: `${nameOf(path)}${text}` },
    ];
    const given = valueAt(value, path);
    if (issue.code === 'invalid_key') return said(' is no port: ports are between 1 and 65535');
    if (given === undefined)
      return said(` is missing${issue.code === 'invalid_value' ? oneOf(issue.values) : formOf(path)}`);
    if (issue.code === 'invalid_value') return said(`: ${shown(given)} is not${oneOf(issue.values, given)}`);
    return said(`: ${shown(given)} is not right${formOf(path)}`);
  });
}

function unknownKey(path: readonly PropertyKey[], key: string, known: readonly string[]): string {
  const where = path.length === 0 ? '' : `${nameOf(path)}: `;
  // A list of all probes is no help on one line.
  const list = known.length > 20 ? 'mxprobe probes lists the ids' : `there are ${known.join(', ')}`;
  return `${where}"${brief(key)}" is not known here${didYouMean(key, known)}; ${list}`;
}

function oneOf(values: readonly unknown[], given?: unknown): string {
  const known = values.map(String);
  const near = typeof given === 'string' ? didYouMean(given, known) : '';
  return known.length > 20
    ? ` the id of a probe${near}; mxprobe probes lists them`
    : ` one of ${known.join(', ')}${near}`;
}

/** What belongs in a place, by the last name on the way there. */
function formOf(path: readonly PropertyKey[]): string {
  const names = path.filter((step) => typeof step === 'string');
  const last = names.at(-1) ?? '';
  const form = names[0] === 'ceilings' && names.length > 1 ? 'a number above 0' : forms[last];
  const inList = typeof path.at(-1) === 'number' ? (items[last] ?? form) : form;
  return inList === undefined ? '' : `: it takes ${inList}`;
}

const mechanisms = 'names of mechanisms in capitals, such as [PLAIN, LOGIN]';
const forms: Readonly<Record<string, string>> = {
  '': 'a mapping of names to values',
  $schema: 'text',
  name: '1 to 80 letters, digits, spaces, dots and dashes',
  severities: 'probe ids with severities, such as open-relay: critical',
  ceilings: 'probe ids with numbers, such as connection-rate: 60',
  mechanisms: 'rules by role: mx, submission, submissions',
  tls: 'rules by role: mx, submission, submissions',
  mx: 'a mapping of rules',
  submission: 'a mapping of rules',
  submissions: 'a mapping of rules',
  beforeTls: 'forbidden, with a list of mechanisms',
  insideTls: 'required and forbidden, each with a list of mechanisms',
  required: mechanisms,
  forbidden: `${mechanisms}, or ["*"] for every other`,
  floor: 'TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3',
  speaks: 'a list of TLSv1, TLSv1.1, TLSv1.2, TLSv1.3',
  ports: 'ports with open or closed, such as 25: open',
  mustTell: 'a list of probe ids',
  waivers: 'a list of waivers, each with probe, until and reason',
  probe: 'the id of a probe',
  endpoint: 'a host, an address, host:port or an id, with * for any characters',
  until: 'a day, such as 2026-12-31',
  reason: 'a sentence that says why',
};
const items: Readonly<Record<string, string>> = {
  required: 'the name of a mechanism in capitals, such as PLAIN',
  forbidden: 'the name of a mechanism in capitals, such as CRAM-MD5, or "*" for every other',
  waivers: 'probe, until and reason; endpoint and verdict where wanted',
};

const nameOf = (path: readonly PropertyKey[]): string =>
  path.length === 0
    ? 'the policy'
    : path.reduce<string>(
        (name, step) =>
          typeof step === 'number' ? `${name}[${step}]` : `${name}${name === '' ? '' : '.'}${brief(String(step))}`,
        '',
      );

const shown = (value: unknown): string =>
  typeof value === 'string' ? `"${brief(value)}"` : brief(JSON.stringify(value) ?? String(value));

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((inner: unknown, step) => {
    const isHere = typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step);
    return isHere ? (inner as Record<PropertyKey, unknown>)[step] : undefined;
  }, value);
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

function keysAt(schema: Schema, path: readonly PropertyKey[]): string[] {
  const there = path.reduce<Schema | undefined>(
    (inner, step) => (typeof step === 'number' ? inner?.items : inner?.properties?.[String(step)]),
    schema,
  );
  return Object.keys(there?.properties ?? {}).filter((key) => key !== '$schema');
}
