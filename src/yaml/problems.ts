import type { z } from 'zod';
import { brief } from '../model/host-port.ts';
import { didYouMean } from '../model/nearest.ts';

/** One thing that is wrong with a file, told with what would be right. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  /** It is the key at the end of the path that is wrong, not what stands under it. */
  readonly isKey: boolean;
  readonly text: string;
}

/** What is known of a form besides its schema: the words in which to tell what is wrong. */
export interface Wording {
  /** The JSON Schema of the form, by which keys are known. */
  readonly schema: object;
  /** What the whole is called. */
  readonly whole: string;
  /** What belongs in a place, behind "it takes"; '' where nothing is to be said. */
  formOf(path: readonly PropertyKey[]): string;
  /** Why a key is none: the rest of a sentence that begins with the place. */
  readonly badKey: string;
  /** Behind a list that is too long to be printed: what prints it. */
  readonly listedBy: string;
  /** Whether what stands there may be shown: a secret must not. */
  mayShow(path: readonly PropertyKey[]): boolean;
}

/**
 * What zod found, in words for whoever wrote the file. An issue of one's own (`custom`) has as its message what follows
 * the name of the place.
 */
export function problemsOf({ issues }: z.ZodError, value: unknown, wording: Wording): Problem[] {
  return issues.flatMap((issue) => problemsIn(issue, value, wording));
}

function problemsIn(issue: z.core.$ZodIssue, value: unknown, wording: Wording): Problem[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(wording.schema, path);
    return issue.keys.map((key) => ({
      path: [...path, key],
      isKey: true,
      text: unknownKey(path, key, known, wording),
    }));
  }
  const given = valueAt(value, path);
  const inBranch = issue.code === 'invalid_union' ? branchFor(issue.errors, given) : null;
  if (inBranch !== null)
    return inBranch.flatMap((inner) => problemsIn({ ...inner, path: [...path, ...inner.path] }, value, wording));
  const text = `${nameOf(path, wording)}${sentenceOf(issue, given, wording)}`;
  return [{ path, isKey: issue.code === 'invalid_key', text }];
}

function sentenceOf(issue: z.core.$ZodIssue, given: unknown, wording: Wording): string {
  const { path } = issue;
  if (issue.code === 'custom') return issue.message;
  if (issue.code === 'invalid_key') return wording.badKey;
  const form = wording.formOf(path);
  const takes = form === '' ? '' : `: it takes ${form}`;
  const mayShow = wording.mayShow(path);
  const what = mayShow ? `: ${shown(given)} is` : ' is';
  if (issue.code !== 'invalid_value') return given === undefined ? ` is missing${takes}` : `${what} not right${takes}`;
  const options = oneOf(issue.values, mayShow ? given : undefined, wording);
  return given === undefined ? ` is missing${options}` : `${what} not${options}`;
}

/** Of the forms that a value may have, what is wrong with the one that it tries to have; null where it tries none. */
function branchFor(
  branches: readonly (readonly z.core.$ZodIssue[])[],
  given: unknown,
): readonly z.core.$ZodIssue[] | null {
  if (given === undefined) return null;
  const isOther = ({ code, path }: z.core.$ZodIssue) => code === 'invalid_type' && path.length === 0;
  return branches.find((issues) => issues.length > 0 && !issues.some(isOther)) ?? null;
}

function unknownKey(path: readonly PropertyKey[], key: string, known: readonly string[], wording: Wording): string {
  const where = path.length === 0 ? '' : `${nameOf(path, wording)}: `;
  // A list of everything is no help on one line.
  const list = known.length > 30 ? wording.listedBy : `there are ${known.join(', ')}`;
  return `${where}"${brief(key)}" is not known here${didYouMean(key, known)}; ${list}`;
}

function oneOf(values: readonly unknown[], given: unknown, { listedBy }: Wording): string {
  const known = values.map(String);
  const near = typeof given === 'string' ? didYouMean(given, known) : '';
  return known.length > 20 ? ` the id of a probe${near}; ${listedBy}` : ` one of ${known.join(', ')}${near}`;
}

/** A place by its name, such as `waivers[0].until`. */
export const nameOf = (path: readonly PropertyKey[], { whole }: Pick<Wording, 'whole'>): string =>
  path.length === 0
    ? whole
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
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

function keysAt(schema: Schema, path: readonly PropertyKey[]): string[] {
  const there = path.reduce<Schema | undefined>((inner, step) => stepInto(inner, step), schema);
  return Object.keys(mappingIn(there)?.properties ?? {}).filter((key) => key !== '$schema');
}

function stepInto(schema: Schema | undefined, step: PropertyKey): Schema | undefined {
  if (typeof step === 'number') return (schema?.anyOf?.find(({ items }) => items !== undefined) ?? schema)?.items;
  const mapping = mappingIn(schema);
  const others = mapping?.additionalProperties;
  return mapping?.properties?.[String(step)] ?? (typeof others === 'object' ? others : undefined);
}

/** Of several forms, the one that is a mapping. */
const mappingIn = (schema: Schema | undefined): Schema | undefined =>
  schema?.anyOf?.find(({ properties }) => properties !== undefined) ?? schema;
