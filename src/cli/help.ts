import { didYouMean } from '../model/nearest.ts';
import { UsageError } from '../model/usage-error.ts';
import { blank, gap, layOut, type Page, type Para } from '../report/layout.ts';
import { readArguments, type Usage } from './arguments.ts';
import { commands, helpText } from './commands.ts';
import { type Io, pageOf } from './io.ts';
import { manPage } from './man-page.ts';
import { type Topic, topics } from './topics.ts';

export const usage: Usage = {
  command: 'help',
  words: '[topic]',
  values: [...topics, ...commands].map(({ name }) => name),
  about:
    'Answers a question about scanning mail servers, or shows the options of a command. Without a topic, lists them.',
  options: { man: { about: 'Print the manual page instead: mxprobe help --man | man -l -' } },
  examples: [
    ['$0 throttling', 'what a report is worth where the server cut us off'],
    ['$0 scan', 'the options of a command'],
  ],
};

/** `mxprobe help`. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const read = await readArguments(usage, argv, io.stdout.width);
  if (read.kind === 'help') {
    io.stdout.write(read.text);
    return 0;
  }
  const [word, ...others] = read.words;
  if (others.length > 0) throw new UsageError('help takes one topic or command at a time: mxprobe help throttling');
  if (read.has('man')) {
    io.stdout.write(await manPage(io.version));
    return 0;
  }
  if (word === undefined) {
    io.stdout.write(helpText());
    return 0;
  }
  const command = commands.find(({ name }) => name === word);
  if (command !== undefined) return await (await command.load()).run(['--help'], io);
  io.stdout.write(topicText(find(word), pageOf(io, null)));
  return 0;
}

function find(word: string): Topic {
  const found = topics.find(({ name }) => name === word);
  if (found !== undefined) return found;
  const names = [...topics, ...commands].map(({ name }) => name);
  throw new UsageError(`"${word}" is neither a topic nor a command${didYouMean(word, names)}; mxprobe help lists both`);
}

function topicText({ name, question, answer, commands: lines }: Topic, page: Page): string {
  const readable = { ...page, width: Math.min(page.width, 100) };
  const examples = lines.flatMap(([line, about]): Para[] => [
    { indent: 2, text: line, wrap: 'no' },
    { indent: 6, text: about, style: 'faint' },
  ]);
  return layOut(
    [
      { lead: [['strong', name], gap], text: question, style: 'strong', hang: 2 },
      ...answer.flatMap((text): Para[] => [blank, { text }]),
      blank,
      ...examples,
    ],
    readable,
  );
}
