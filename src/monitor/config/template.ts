import { brief } from '../../model/host-port.ts';
import { didYouMean } from '../../model/nearest.ts';

/** What a template of a webhook may name, each a text; `count` and `port` are numbers in figures. */
const templateNames = [
  'id',
  'kind',
  'at',
  'severity',
  'subject',
  'text',
  'link',
  'count',
  'incident',
  'what',
  'monitor',
  'host',
  'port',
  'place',
  'probe',
  'headline',
  'because',
  'since',
  'command',
] as const;

export type TemplateName = (typeof templateNames)[number];
type Values = Readonly<Record<TemplateName, string>>;

const hole = /\{\{([^{}]{0,80})\}\}/g;

/** The template with its `{{names}}` filled, each escaped for a string of JSON (RFC 8259 §7). */
export const filled = (template: string, values: Values): string =>
  template.replace(hole, (whole, name: string) => {
    const value = Object.hasOwn(values, name.trim()) ? values[name.trim() as TemplateName] : null;
    return value === null ? whole : JSON.stringify(value).slice(1, -1);
  });

/**
 * What is wrong with a template, as the rest of a sentence that begins with its name, with the line and column in it;
 * null where nothing is.
 */
export function templateProblem(template: string): string | null {
  for (const { 1: name = '', index } of template.matchAll(hole)) {
    const known: readonly string[] = templateNames;
    if (!known.includes(name.trim()))
      return `${whereIn(template, index)} has {{${brief(name)}}}, which is no name${didYouMean(name.trim(), known)}; there are ${known.join(', ')}`;
  }
  const at = firstFault(template);
  return at === null ? null : `${whereIn(template, at)} is no JSON`;
}

function whereIn(text: string, index: number): string {
  const before = text.slice(0, index).split('\n');
  return `in line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

/** Where a text is no JSON any more; null where it is. A hole outside a string stands for a number. */
function firstFault(text: string): number | null {
  const reader = { text, at: 0 };
  const isWhole = valueIn(reader, 0) && take(reader, space) && reader.at === text.length;
  return isWhole ? null : reader.at;
}

interface Reader {
  readonly text: string;
  at: number;
}

/** Deeper than anybody writes by hand. */
const deepest = 50;

const space = /\s*/y;
const scalar =
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|\{\{ *(?:count|port) *\}\}/y;
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

function take(reader: Reader, pattern: RegExp): boolean {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (found === null) return false;
  reader.at = pattern.lastIndex;
  return true;
}

/** Reads a value, and stands behind it; or at what is wrong. */
function valueIn(reader: Reader, depth: number): boolean {
  take(reader, space);
  if (depth > deepest) return false;
  if (take(reader, scalar)) return true;
  if (take(reader, /\{(?!\{)/y)) return listIn(reader, /\}/y, () => memberIn(reader, depth));
  return take(reader, /\[/y) && listIn(reader, /\]/y, () => valueIn(reader, depth + 1));
}

function memberIn(reader: Reader, depth: number): boolean {
  take(reader, space);
  return take(reader, string) && take(reader, /\s*:/y) && valueIn(reader, depth + 1);
}

function listIn(reader: Reader, end: RegExp, one: () => boolean): boolean {
  take(reader, space);
  if (take(reader, end)) return true;
  do {
    if (!one()) return false;
    take(reader, space);
  } while (take(reader, /,/y));
  return take(reader, end);
}
