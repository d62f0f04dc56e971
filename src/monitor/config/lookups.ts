import { brief } from '../../model/host-port.ts';
import { didYouMean } from '../../model/nearest.ts';
import { parseTarget } from '../../model/parse-target.ts';
import type { Policy } from '../../model/policy.ts';
import { defaultPolicy } from '../../model/policy.ts';
import type { Target } from '../../model/target.ts';
import { UsageError } from '../../model/usage-error.ts';
import { builtIns } from '../../policy/built-in/built-ins.ts';
import { readPolicy } from '../../policy/read-policy.ts';
import type { Secret } from './config.ts';

/** The files that the configuration names, handed in by whoever may read files. */
export interface Files {
  /** The absolute path of what the file calls `name`: relative to the folder that the file is in. */
  resolve(name: string): string;
  /** The text of such a file. Throws `UsageError`, the rest of a sentence that begins with its name. */
  read(name: string): string;
  /** Why a secret is not to be had now, as a sentence; null where it is. Its value is not looked at. */
  lacks(secret: Secret): string | null;
}

/** What a file or a name led to, or why it led nowhere. */
export type Found<T> = { readonly kind: 'found'; readonly value: T } | { readonly kind: 'not'; readonly why: string };

export interface Listed {
  /** As it stands in the list. */
  readonly text: string;
  readonly line: number;
  readonly target: Found<Target>;
}

/** Policies and lists by name, each read once. */
export interface Lookups {
  policy(name: string): Found<Policy>;
  /** The targets of a file, one a line; `#` begins a comment. */
  list(name: string): Found<readonly Listed[]>;
  file(name: string): Found<string>;
}

export function lookupsIn(files: Files, probes: readonly string[]): Lookups {
  const file = once((name) => tried(() => files.read(name)));
  return {
    file,
    policy: once((name) => {
      if (name === 'default') return { kind: 'found', value: defaultPolicy };
      if (Object.hasOwn(builtIns, name)) return tried(() => policyIn(builtIns[name] ?? '', name, probes));
      const text = file(name);
      if (text.kind === 'found') return tried(() => policyIn(text.value, name, probes));
      return { kind: 'not', why: `"${brief(name)}" is no policy${noPolicy(name)}; as a file it ${text.why}` };
    }),
    list: once((name) => {
      const text = file(name);
      return text.kind === 'not' ? text : { kind: 'found', value: listedIn(text.value) };
    }),
  };
}

const noPolicy = (name: string): string => {
  const known = ['default', ...Object.keys(builtIns)];
  return `${didYouMean(name, known)}; built in are ${known.join(', ')}`;
};

/** A policy is called what its file is called, without the ending, in characters that every format can show. */
function policyIn(text: string, file: string, probes: readonly string[]): Policy {
  const base = file.replace(/^.*[/\\]/s, '').replace(/(?<=.)\.[^.]*$/, '');
  return readPolicy(text, { file, name: base.replace(/[^\w .-]/g, '-').slice(0, 80) || 'policy', probes });
}

function listedIn(text: string): Listed[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  return lines.flatMap((line, index) => {
    const word = line.replace(/#.*/, '').trim();
    return word === '' ? [] : [{ text: word, line: index + 1, target: targetOf(word) }];
  });
}

export function targetOf(text: string): Found<Target> {
  const target = parseTarget(text);
  return target.kind === 'bad' ? { kind: 'not', why: target.problem } : { kind: 'found', value: target };
}

function tried<T>(read: () => T): Found<T> {
  try {
    return { kind: 'found', value: read() };
  } catch (error) {
    if (error instanceof UsageError) return { kind: 'not', why: error.message };
    throw error;
  }
}

function once<T>(find: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const found = find(name);
    known.set(name, found);
    return found;
  };
}
