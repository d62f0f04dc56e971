import { didYouMean } from '../model/nearest.ts';
import { UsageError } from '../model/usage-error.ts';
import { blank, gap, layOut, type Page, type Para } from '../report/layout.ts';
import { printing } from './command.ts';
import { commands } from './commands.ts';
import { pageOf } from './io.ts';
import { manPage } from './man-page.ts';
import { found, type Row, whole } from './row.ts';
import { type Topic, topics } from './topics.ts';
import type { Usage } from './usage.ts';
import { usageText } from './usage-text.ts';

const row: Row = {
  name: 'help',
  words: '[topic]',
  about: 'What people ask about scanning mail servers; with a command, its options',
  load: async () => ({ command }),
};

/** The commands in the order of help. */
export const everyCommand: readonly Row[] = [...commands, row];

const names = [...topics, ...everyCommand].map(({ name }) => name);

const usage: Usage = {
  words: '[topic]',
  values: names,
  about:
    'Answers a question about scanning mail servers, or shows the options of a command. Without a topic, lists them.',
  options: { man: { about: 'Print the manual page instead: mxprobe help --man | man -l -' } },
  examples: [
    ['throttling', 'what a report is worth where the server cut us off'],
    ['scan', 'the options of a command'],
  ],
};

/** `mxprobe help`. */
const command = printing(usage, async (given, io) => {
  const [word, ...others] = given.words;
  const named = found(everyCommand, given.words);
  if (named === null ? others.length > 0 : named.rest.length > 0)
    throw new UsageError('help takes one topic or command at a time: mxprobe help throttling');
  if (given.has('man')) return await manPage(whole(everyCommand), io.version);
  if (word === undefined) return overviewText();
  if (named !== null) return await usageText(named.row.name, (await named.row.load()).command.usage, io.stdout.width);
  const topic = topics.find(({ name }) => name === word);
  if (topic !== undefined) return topicText(topic, pageOf(io, null));
  throw new UsageError(`"${word}" is neither a topic nor a command${didYouMean(word, names)}; mxprobe help lists both`);
});

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

/** `mxprobe --help`. */
export function overviewText(): string {
  const rows = everyCommand.map(({ name, words, about }) => `  mxprobe ${`${name} ${words}`.padEnd(22)}${about}`);
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
