import { blank, gap, layOut, type Page, type Para } from '../report/layout.ts';
import type { Option, Usage } from './usage.ts';

/** `mxprobe <command> --help`. */
export function usageText(command: string, { words, about, options, examples, epilogue }: Usage, page: Page): string {
  const rows = [...Object.entries(options), ['help', { about: 'Show this' }] as const];
  const headings = [...new Set(rows.map(([, option]) => headingOf(option)))];
  return layOut(
    [
      { text: `mxprobe ${command} ${words}`, style: 'strong' },
      blank,
      ...about.split('\n').map(aboutPara),
      ...headings.flatMap((heading) => [
        ...headed(heading),
        ...optionParas(rows.filter(([, option]) => headingOf(option) === heading)),
      ]),
      ...headed('Examples:'),
      ...examples.flatMap(([line, purpose]): Para[] => [
        { indent: 2, text: `mxprobe ${command} ${line}`.trim(), wrap: 'no' },
        { indent: 6, text: purpose, style: 'faint' },
      ]),
      ...(epilogue === undefined ? [] : [blank, { text: epilogue }]),
    ],
    { ...page, width: Math.min(page.width, 110) },
  );
}

/** A line that is set in stays one line. */
function aboutPara(line: string): Para {
  const text = line.trimStart();
  const indent = line.length - text.length;
  return indent === 0 ? { text } : { indent, text, wrap: 'no' };
}

const headed = (text: string): Para[] => [blank, { text, style: 'strong' }];

const headingOf = ({ group = 'Options:' }: Option): string => group;

function optionParas(rows: readonly (readonly [name: string, option: Option])[]): Para[] {
  const names = rows.map(([name, { value }]) => {
    const dashed = name === 'help' ? '-h, --help' : `    --${name}`;
    return value === undefined ? dashed : `${dashed} <${value}>`;
  });
  const widest = Math.max(...names.map((name) => name.length));
  return rows.map(([, { about }], index) => ({
    indent: 2,
    lead: [['plain', names[index]?.padEnd(widest) ?? ''], gap],
    text: about,
  }));
}
