import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseTarget, parseTargetList } from '../model/parse-target.ts';
import type { Target } from '../model/target.ts';
import { UsageError } from '../model/usage-error.ts';
import { say } from './complain.ts';
import { whyNot } from './files.ts';
import type { Io } from './io.ts';

/**
 * Targets from arguments, from standard input (`-`) and from files (`@file`, or anything with a slash and no scheme), each once
 * and in the order given.
 */
export async function readTargets(words: readonly string[], io: Pick<Io, 'stdin' | 'stderr'>): Promise<Target[]> {
  if (words.length === 0) throw new UsageError('no target: mxprobe scan example.com, or mxprobe scan --help');
  const lists = [];
  for (const word of new Set(words)) lists.push(await readWord(word, io));
  const targets = lists.flat();
  if (targets.length === 0) throw new UsageError(`no target in ${words.join(', ')}: write one a line`);
  return [...new Map(targets.map((target) => [sameness(target), target])).values()];
}

async function readWord(word: string, io: Pick<Io, 'stdin' | 'stderr'>): Promise<Target[]> {
  if (word === '-') return parsed(parseTargetList(await io.stdin()), 'standard input: ');
  const file = fileNamed(word);
  if (file !== null) return parsed(parseTargetList(await contents(word, file)), `${file}: `);
  const targets = parsed([word], '');
  if (targets[0]?.kind === 'name' && existsSync(word)) {
    say(`"${word}" is taken for a domain; to read the file of that name: @${word}`, io);
  }
  return targets;
}

function parsed(texts: readonly string[], where: string): Target[] {
  return texts.map((text) => {
    const target = parseTarget(text);
    if (target.kind === 'bad') throw new UsageError(`${where}${target.problem}`);
    return target;
  });
}

function fileNamed(word: string): string | null {
  if (word.startsWith('@')) return word.slice(1);
  return word.includes('/') && !/^[a-z][a-z0-9+.-]*:\/\//i.test(word) ? word : null;
}

async function contents(word: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const range = /^[\d.a-f:]+\/\d+$/i.test(word) ? '; ranges of addresses are not scanned: list each address' : '';
    throw new UsageError(`"${word}" is taken for a file of targets and cannot be read: ${whyNot(error)}${range}`);
  }
}

/** Two ways to write one target are one target. */
function sameness({ input: _input, ...target }: Target): string {
  return JSON.stringify(target);
}
