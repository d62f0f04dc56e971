import { parseTarget } from '../model/parse-target.ts';
import { scanDocument } from '../report/documents.ts';
import { writing } from './command.ts';
import { heloOf } from './helo.ts';
import { scanInto } from './scan-into.ts';
import { reportOptions } from './scan-usage.ts';
import { readShown } from './shown.ts';
import type { Usage } from './usage.ts';

const { 'fail-on': _failOn, ...options } = reportOptions(scanDocument);

const usage: Usage = {
  words: '',
  about: 'Starts a deliberately weak mail server inside this process, on loopback, scans it and prints the report.',
  options,
  examples: [
    ['', 'what a report looks like'],
    ['--transcript', 'and the dialogues it rests on'],
    ['--format json', 'the same for a program'],
  ],
  epilogue:
    'Exit codes: 0 however many weaknesses are found, for they are there on purpose; 2 interrupted; 3 bad usage or an error of our own.',
};

/** `mxprobe demo`. The weaknesses are on purpose, so finding them is no failure: exit code 0. */
export const command = writing(usage, scanDocument, async (given, sinks, io) => {
  const shown = { ...readShown(given), exits: false };
  const scanner = await io.scanner();
  const demo = await io.startDemo();
  try {
    const target = parseTarget(`127.0.0.1:${demo.port}`);
    if (target.kind === 'bad') throw new Error(target.problem);
    const asked = { ...demo.options, helo: demo.options?.helo ?? heloOf(io.hostname).name };
    const code = await scanInto(sinks, { scanner, shown }, [target], asked, io);
    return code === 1 ? 0 : code;
  } finally {
    await demo.close();
  }
});
