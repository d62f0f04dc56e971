import { createReadStream, existsSync } from 'node:fs';
import { parseTarget, parseTargetList } from '../model/parse-target.ts';
import type { Target } from '../model/target.ts';
import { UsageError } from '../model/usage-error.ts';
import { say } from './complain.ts';
import { whyNot } from './files.ts';
import type { Io } from './io.ts';

type World = Pick<Io, 'stdin' | 'stderr'>;

/** The report of a scan stands in memory: that of more targets would not. */
const mostTargets = 100_000;
/** No target is near as long; a line without an end would fill the memory. */
const longestLine = 4096;

/**
 * Targets from arguments, from standard input (`-`) and from files (`@file`, or anything with a slash and no scheme), each once
 * and in the order given.
 */
export async function readTargets(words: readonly string[], world: World): Promise<Target[]> {
  if (words.length === 0) throw new UsageError('no target: mxprobe scan example.com, or mxprobe scan --help');
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
  const list = listNamed(word, world);
  if (list !== null) {
    for await (const line of linesOf(list))
      for (const text of parseTargetList(line)) yield read(text, `${list.name}: `);
    return;
  }
  const target = read(word, '');
  if (target.kind === 'name' && existsSync(word)) {
    say(`"${word}" is taken for a domain; to read the file of that name: @${word}`, world);
  }
  yield target;
}

function read(text: string, where: string): Target {
  const target = parseTarget(text);
  if (target.kind === 'bad') throw new UsageError(`${where}${target.problem}`);
  return target;
}

interface List {
  readonly name: string;
  readonly pieces: AsyncIterable<string>;
  /** What is said where it cannot be read. */
  readonly unreadable: string;
  readonly hint: string;
}

function listNamed(word: string, { stdin }: World): List | null {
  if (word === '-') return { name: 'standard input', pieces: stdin(), unreadable: 'standard input', hint: '' };
  const isFile = word.includes('/') && !/^[a-z][a-z0-9+.-]*:\/\//i.test(word);
  if (!word.startsWith('@') && !isFile) return null;
  const name = word.startsWith('@') ? word.slice(1) : word;
  const isRange = /^[\d.a-f:]+\/\d+$/i.test(word);
  return {
    name,
    pieces: createReadStream(name, 'utf8'),
    unreadable: `"${word}" is taken for a file of targets and`,
    hint: isRange ? '; ranges of addresses are not scanned: list each address' : '',
  };
}

/** Line by line, so that a list of any length stands in memory nowhere. */
async function* linesOf({ name, pieces, unreadable, hint }: List): AsyncGenerator<string> {
  let rest = '';
  let number = 0;
  try {
    for await (const piece of pieces) {
      const lines = `${rest}${piece}`.split(/\r\n|\n|\r/);
      const long = lines.findIndex((line) => line.length > longestLine);
      if (long >= 0) throw tooLong(name, number + long + 1);
      rest = lines.pop() ?? '';
      number += lines.length;
      yield* lines;
    }
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`${unreadable} cannot be read: ${whyNot(error)}${hint}`);
  }
  yield rest;
}

const tooLong = (name: string, line: number): UsageError =>
  new UsageError(`${name}: line ${line} is longer than ${longestLine} characters: write one target a line`);

/** Two ways to write one target are one target. */
function sameness({ input: _input, ...target }: Target): string {
  return JSON.stringify(target);
}
