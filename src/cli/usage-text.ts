import { asWritten } from './arguments.ts';
import type { Option, Usage } from './usage.ts';

/** `mxprobe <command> --help`, as yargs lays it out. */
export async function usageText(
  command: string,
  { words, about, options, examples, epilogue }: Usage,
  width: number,
): Promise<string> {
  const { default: yargs } = await import('yargs');
  const help = await yargs()
    .scriptName(`mxprobe ${command}`)
    .usage(`$0 ${words}\n\n${about}`)
    .options(Object.fromEntries(Object.entries(options).map(([name, option]) => [name, described(option)])))
    .example(examples.map(([line, purpose]) => [`$0 ${line}`, purpose] as [string, string]))
    .epilogue(epilogue ?? '')
    .help('help', 'Show this')
    .alias('help', 'h')
    .version(false)
    .locale('en')
    .wrap(Math.min(width, 110))
    .parserConfiguration(asWritten)
    .getHelp();
  // Types are yargs' own idea: to the user all is text.
  return `${help.replace(/(?:\n *|(?<![ \n]) +)?\[(?:string|boolean|array)\]/g, '')}\n`;
}

function described({ value, about, group }: Option) {
  return {
    describe: value === undefined ? about : `<${value}>  ${about}`,
    ...(group === undefined ? {} : { group }),
    type: value === undefined ? ('boolean' as const) : ('string' as const),
  };
}
