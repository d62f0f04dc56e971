import { createReadStream, existsSync } from 'node:fs';
import { parseTarget, parseTargetList } from '../model/parse-target.ts';
import type { Target } from '../model/target.ts';
import { UsageError } from '../model/usage-error.ts';
import { whyNot } from '../model/why-not.ts';
import { say } from './complain.ts';
import type { Io } from './io.ts';

type World = Pick<Io, 'stdin' | 'stderr'>;

/** The report of a scan stands in memory: that of more targets would not. */
const mostTargets = 100_000;
/** No target is near as long; a line without an end would fill the memory. */
const longestLine = 4096;

/**
 * Targets from arguments, from standard input (`-`) and from files (`@file`, or anything with a slash and no scheme),
 * each once and in the order given. `usually`: what to write where there is none. Throws `UsageError`.
 */
export async function readTargets(words: readonly string[], usually: string, world: World): Promise<Target[]> {
  if (words.length === 0) throw new UsageError(`no target: ${usually}`);
  const targets = new Map<string, Target>();
  for (const word of new Set(words)) {
    for await (const target of targetsOf(word, world)) {
      targets.set(sameness(target), target);
      if (targets.size > mostTargets)
        throw new UsageError(`over ${mostTargets} targets: scan them in several parts, each with a report of its own`);
    }
  }
  if (targets.size === 0) throw new UsageError(`no target in ${words.join(', ')}: write one a line`);
  return [...targets.values()];
}

async function* targetsOf(word: string, world: World): AsyncGenerator<Target> {
  const file = fileNamed(word);
  if (word === '-') yield* targetsIn('standard input', readable(world.stdin(), 'standard input', ''));
  else if (file !== null) yield* targetsIn(file, readable(createReadStream(file, 'utf8'), ...unlikeAFile(word)));
  else {
    const target = read(word, '');
    if (target.kind === 'name' && existsSync(word))
      say(`"${word}" is taken for a domain; to read the file of that name: @${word}`, world);
    yield target;
  }
}

function fileNamed(word: string): string | null {
  if (word.startsWith('@')) return word.slice(1);
  return word.includes('/') && !/^[a-z][a-z0-9+.-]*:\/\//i.test(word) ? word : null;
}

function unlikeAFile(word: string): [subject: string, hint: string] {
  const isRange = /^[\d.a-f:]+\/\d+$/i.test(word);
  const hint = isRange ? '; ranges of addresses are not scanned: list each address' : '';
  return [`"${word}" is taken for a file of targets and`, hint];
}

async function* readable(pieces: AsyncIterable<string>, subject: string, hint: string): AsyncGenerator<string> {
  try {
    yield* pieces;
  } catch (error) {
    throw new UsageError(`${subject} cannot be read: ${whyNot(error)}${hint}`);
  }
}

/** Line by line, so that a list of any length stands in memory nowhere. */
async function* targetsIn(name: string, pieces: AsyncIterable<string>): AsyncGenerator<Target> {
  let rest = '';
  let number = 0;
  for await (const piece of pieces) {
    const lines = `${rest}${piece}`.split(/\r\n|\n|\r(?!$)/);
    const long = lines.findIndex((line) => line.length > longestLine);
    if (long >= 0)
      throw new UsageError(
        `${name}: line ${number + long + 1} is longer than ${longestLine} characters: write one target a line`,
      );
    rest = lines.pop() ?? '';
    for (const line of lines) {
      number += 1;
      yield* targetsOn(line, name, number);
    }
  }
  yield* targetsOn(rest, name, number + 1);
}

function* targetsOn(line: string, name: string, number: number): Generator<Target> {
  for (const text of parseTargetList(line)) yield read(text, `${name}: line ${number}: `);
}

function read(text: string, where: string): Target {
  const target = parseTarget(text);
  if (target.kind === 'bad') throw new UsageError(`${where}${target.problem}`);
  return target;
}

/** Two ways to write one target are one target. */
function sameness({ input: _input, ...target }: Target): string {
  return JSON.stringify(target);
}
