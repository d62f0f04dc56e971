import { parseTarget } from '../model/parse-target.ts';
import { readArguments, refuseWords, type Usage } from './arguments.ts';
import { readDestinations } from './destinations.ts';
import { formats } from './formats.ts';
import { heloOf } from './helo.ts';
import type { Io } from './io.ts';
import { scanInto } from './scan-into.ts';
import { outputOptions } from './scan-usage.ts';
import { openSinks } from './sinks.ts';

const { format, output, transcript } = outputOptions;

export const usage: Usage = {
  command: 'demo',
  words: '',
  about: 'Starts a deliberately weak mail server inside this process, on loopback, scans it and prints the report.',
  options: { format, output, transcript },
  examples: [
    ['$0', 'what a report looks like'],
    ['$0 --transcript', 'and the dialogues it rests on'],
    ['$0 --format json', 'the same for a program'],
  ],
  epilogue:
    'Exit codes: 0 however many weaknesses are found, for they are there on purpose; 2 interrupted; 3 bad usage or an error of our own.',
};

/** `mxprobe demo`. The weaknesses are on purpose, so finding them is no failure: exit code 0. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const read = await readArguments(usage, argv, io.stdout.width);
  if (read.kind === 'help') {
    io.stdout.write(read.text);
    return 0;
  }
  const destinations = readDestinations(read, formats);
  refuseWords(read, 'demo');
  using sinks = openSinks(destinations, io);
  const library = await io.library();
  const demo = await io.startDemo();
  try {
    const target = parseTarget(`127.0.0.1:${demo.port}`);
    if (target.kind === 'bad') throw new Error(target.problem);
    const options = { ...demo.options, helo: demo.options?.helo ?? heloOf(io.hostname).name };
    const into = { sinks: sinks.all, transcript: read.has('transcript') };
    const code = await scanInto(into, library, [target], options, io);
    return code === 1 ? 0 : code;
  } finally {
    await demo.close();
  }
}
