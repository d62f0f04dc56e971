import { document, paragraph, section, subsection, tagged, title, verbatim } from './roff.ts';
import type { Row } from './row.ts';
import { type Topic, topics } from './topics.ts';
import type { Option, Usage } from './usage.ts';

/** mxprobe(1), in man(7), from the same words as `--help` and `mxprobe help <topic>`. */
export async function manPage(commands: readonly Row[], version: string): Promise<string> {
  const parts = await Promise.all(
    commands.map(async ({ name, load }) => commandPart(name, (await load()).command.usage)),
  );
  return document([
    title('mxprobe', '', `mxprobe ${version}`, 'User Commands'),
    section('Name'),
    'mxprobe \\- asks mail servers from outside what they let strangers do\n',
    section('Synopsis'),
    ...commands.map(({ name, words }) => paragraph(`mxprobe ${name} ${words}`.trim())),
    section('Description'),
    paragraph(
      'Speaks SMTP with a mail server, reads what it says, and tells what strangers may do there: relaying, finding out users, logging in in clear, weak TLS, missing limits. A verdict is pass or fail with the words of the server as proof, or inconclusive with the reason. No answer is never a good answer.',
    ),
    paragraph('Scan servers that are yours, or whose owner has asked you to.'),
    section('Commands'),
    ...parts,
    section('Questions'),
    ...topics.map(topicPart),
    section('Exit status'),
    tagged('0', 'nothing at or above --fail-on'),
    tagged('1', 'findings'),
    tagged('2', 'nothing failed, but something permitted could not be told, or a target could not be reached'),
    tagged('3', 'bad usage, or an error of the program itself'),
    section('Environment'),
    tagged('NO_COLOR', 'where it is set and not empty, no colours'),
    tagged('MXPROBE_DEBUG', 'where it is set and not empty, an internal error shows where it happened'),
  ]);
}

function commandPart(command: string, { words, about, options, examples }: Usage): string {
  const [first = '', ...more] = about.split('\n\n');
  return [
    subsection(`mxprobe ${command} ${words}`.trim()),
    paragraph(first),
    ...more.map(verbatim),
    ...Object.entries(options).map(optionPart),
    ...examples.map(([line, purpose]) => verbatim(`${`mxprobe ${command} ${line}`.trim()}\n    ${purpose}`)),
  ].join('');
}

function optionPart([name, { value, several, about }]: readonly [string, Option]): string {
  const taken = value === undefined ? '' : ` <${value}>${several ? '...' : ''}`;
  return tagged(`--${name}${taken}`, about);
}

function topicPart({ name, question, answer, commands: lines }: Topic): string {
  return [
    subsection(`${question} (mxprobe help ${name})`),
    ...answer.map(paragraph),
    ...lines.map(([line, about]) => verbatim(`${line}\n    ${about}`)),
  ].join('');
}
