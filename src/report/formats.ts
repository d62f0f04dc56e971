/** Every format, with what names of its files end in. A name that says nothing is for people to read. */
const endings = {
  terminal: [],
  html: ['.html', '.htm'],
  markdown: ['.md', '.markdown'],
  json: ['.json'],
  ndjson: ['.ndjson', '.jsonl'],
  sarif: ['.sarif', '.sarif.json'],
  junit: ['.xml'],
  nagios: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type Format = keyof typeof endings;

export const formats = Object.keys(endings) as readonly Format[];

/** What names of files end in that other programs open, which could make nothing of any format here. */
const foreign: readonly string[] =
  '.csv .doc .docx .gz .jpg .ods .odt .pdf .png .rtf .svg .tar .toml .tsv .xls .xlsx .yaml .yml .zip'.split(' ');

/**
 * The format that the name of a file asks for; an ending, such as `.pdf`, where there is no such format; null where the
 * name says nothing.
 */
export function formatNamed(file: string): string | null {
  const name = file.toLowerCase();
  const endsIn = (ending: string) => name.endsWith(ending);
  // `.sarif.json` is no `.json`.
  const format = formats.toReversed().find((format) => endings[format].some(endsIn));
  return format ?? foreign.find(endsIn) ?? null;
}
