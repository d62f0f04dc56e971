import { didYouMean } from '../model/nearest.ts';
import { UsageError } from '../model/usage-error.ts';
import { printing } from './command.ts';
import type { Io } from './io.ts';
import { readReport } from './saved-report.ts';
import type { Usage } from './usage.ts';

const usage: Usage = {
  words: '[init <report.json> | show <name> | schema]',
  values: ['init', 'show', 'schema'],
  about:
    'What a policy can say, and policies to begin with. Without a word: the built-in ones. init writes the policy that the server of a saved report meets; show prints a built-in one; schema the JSON Schema, for editors.',
  options: {},
  examples: [
    ['show mx > mx.yaml', 'a policy of your own, from a built-in one'],
    ['init report.json > ours.yaml', 'from a report of a server that is as it should be'],
    ['schema > policy.schema.json', 'for editors: # yaml-language-server: $schema=policy.schema.json'],
  ],
};

/** `mxprobe policy`. */
export const command = printing(usage, ({ words }, io) => textFor(words, io));

async function textFor([action, name, ...others]: readonly string[], io: Io): Promise<string> {
  switch (action) {
    case undefined:
      return await builtInTable();
    case 'init':
      return await initText(
        onlyWord(name, others, 'policy init takes one saved report: mxprobe policy init report.json'),
        io,
      );
    case 'show':
      return await builtIn(onlyWord(name, others, 'policy show takes the name of one policy: mxprobe policy show mx'));
    case 'schema':
      if (name !== undefined) throw new UsageError(`policy schema takes no "${name}": mxprobe policy schema`);
      return await schemaText(io);
    default:
      throw new UsageError(
        `policy has no "${action}"${didYouMean(action, ['init', 'show', 'schema'])}; there are init, show and schema`,
      );
  }
}

function onlyWord(word: string | undefined, others: readonly string[], usually: string): string {
  if (word === undefined || others.length > 0) throw new UsageError(usually);
  return word;
}

const builtIns = async () => (await import('../policy/built-in/built-ins.ts')).builtIns;

/** Each with the sentence that its text begins with. */
async function builtInTable(): Promise<string> {
  const rows = Object.entries(await builtIns()).map(
    ([name, text]) => `  ${name.padEnd(13)}${text.split('\n')[0]?.replace(/^# /, '') ?? ''}\n`,
  );
  return `Built-in policies, for --policy <name> and mxprobe policy show <name>:\n${rows.join('')}`;
}

async function builtIn(name: string): Promise<string> {
  const all = await builtIns();
  const text = Object.hasOwn(all, name) ? all[name] : undefined;
  if (text !== undefined) return text;
  const names = Object.keys(all);
  throw new UsageError(`"${name}" is no built-in policy${didYouMean(name, names)}; there are ${names.join(', ')}`);
}

async function initText(file: string, io: Io): Promise<string> {
  const report = await readReport(file, io);
  const { judgeAgain, probes } = await io.scanner();
  const { policyFromReport } = await import('../policy/from-report.ts');
  return policyFromReport(report, {
    judge: judgeAgain,
    probes: probes.map(({ id }) => id),
    day: new Date().toISOString(),
  });
}

async function schemaText(io: Io): Promise<string> {
  const { probes } = await io.scanner();
  const { policyJsonSchema } = await import('../policy/schema.ts');
  return `${JSON.stringify(policyJsonSchema(probes.map(({ id }) => id)), null, 2)}\n`;
}
