import { didYouMean } from '../model/nearest.ts';
import { UsageError } from '../model/usage-error.ts';
import type { Usage } from './arguments.ts';
import type { Io } from './io.ts';
import { topics } from './topics.ts';

export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly about: string;
  /** Loaded only when it is the one that runs. */
  load(): Promise<{ readonly usage: Usage; run(argv: readonly string[], io: Io): Promise<number> }>;
}

export const commands: readonly Command[] = [
  {
    name: 'scan',
    usage: 'scan <target>...',
    about: 'Ask a mail server what it lets strangers do',
    load: () => import('./scan.ts'),
  },
  {
    name: 'judge',
    usage: 'judge <report.json>',
    about: 'Judge a saved report again; no network',
    load: () => import('./judge.ts'),
  },
  {
    name: 'diff',
    usage: 'diff <before> <after>',
    about: 'What changed from one saved report to another; no network',
    load: () => import('./diff.ts'),
  },
  {
    name: 'verify',
    usage: 'verify <target>',
    about: 'Is this Postfix configuration what the wire shows? One row a directive',
    load: () => import('./verify.ts'),
  },
  {
    name: 'policy',
    usage: 'policy <what>',
    about: 'Policies to judge by: built-in ones, the form of a file, and one written from a saved report',
    load: () => import('./policy.ts'),
  },
  {
    name: 'probes',
    usage: 'probes [id]',
    about: 'The catalogue; with an id: why it matters, how it is judged, how to fix it',
    load: () => import('./probes.ts'),
  },
  {
    name: 'demo',
    usage: 'demo',
    about: 'Scan a deliberately weak mail server inside this process',
    load: () => import('./demo.ts'),
  },
  {
    name: 'completion',
    usage: 'completion <shell>',
    about: 'A script that completes command lines: bash, zsh or fish',
    load: () => import('./completion.ts'),
  },
  {
    name: 'help',
    usage: 'help [topic]',
    about: 'What people ask about scanning mail servers; with a command, its options',
    load: () => import('./help.ts'),
  },
];

export function helpText(): string {
  const rows = commands.map(({ usage, about }) => `  mxprobe ${usage.padEnd(22)}${about}`);
  return `mxprobe asks mail servers from outside what they let strangers do, and quotes the answers.

${rows.join('\n')}

  mxprobe <command> --help      all options of a command, with examples
  mxprobe --version

Topics, for mxprobe help <topic>:
${topicRows()}

Examples:
  mxprobe demo                                    see what a report looks like
  mxprobe scan example.com                        every MX host of a domain
  mxprobe scan mail.example.com:587 --transcript  one port, with the whole dialogue

Exit codes: 0 nothing found, 1 findings, 2 something could not be told, 3 bad usage or an error of our own.
`;
}

function topicRows(): string {
  const widest = Math.max(...topics.map(({ name }) => name.length));
  return topics.map(({ name, question }) => `  ${name.padEnd(widest)}  ${question}`).join('\n');
}

/** Why there is no such command, and what was probably meant. */
export function unknownCommand(name: string | undefined, rest: readonly string[]): UsageError {
  if (name === undefined) return new UsageError('say what to do: mxprobe scan <target>, or mxprobe --help');
  if (name.startsWith('-')) return new UsageError(`${name} comes after the command: mxprobe scan <target> ${name}`);
  if (/[.:@]/.test(name))
    return new UsageError(`"${name}" is no command: to scan it, mxprobe scan ${[name, ...rest].join(' ')}`);
  const names = commands.map((command) => command.name);
  return new UsageError(`"${name}" is no command${didYouMean(name, names, 'mxprobe ')}; mxprobe --help lists them`);
}
