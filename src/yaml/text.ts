import {
  type Alias,
  type Document,
  isMap,
  isNode,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';
import { brief } from '../model/host-port.ts';
import { visible } from '../model/visible.ts';

/** Counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What is wrong, and where. */
export interface Misplaced {
  readonly text: string;
  readonly place: Place;
}

export interface ParsedText {
  readonly value: unknown;
  /** Why the text cannot be read at all: it is neither YAML nor JSON, or longer than may be. */
  readonly trouble: Misplaced | null;
  /** Keys that stand twice in one mapping. The last one of each is in `value`. */
  readonly doubles: readonly Misplaced[];
  /** Where a value stands, or (`isKey`) the key that leads to it; of what is not there, what it would be in. */
  placeOf(path: readonly PropertyKey[], isKey: boolean): Place;
}

interface Trouble {
  readonly text: string;
  readonly offset: number;
}

/** What an alias stands for is looked up through all of the text. */
const mostAliases = 100;
/** The parser quotes what it stumbled over, all of it. */
const longestWords = 200;

/**
 * Reads YAML 1.2, of which JSON is a part. Takes time in step with the length of the text, of which there may be
 * `longest` characters.
 */
export function parsedText(text: string, longest: number): ParsedText {
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const unread = ({ text, offset }: Trouble): ParsedText => {
    const place = at(offset);
    return { value: null, trouble: { text, place }, doubles: [], placeOf: () => place };
  };
  if (text.length > longest) return unread({ text: `is longer than ${longest} characters`, offset: 0 });
  // Whether a key stands twice is seen below: the parser compares each with all before it. Its warnings are read here.
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false, logLevel: 'error' } as const;
  const document = parseDocument(text.replace(/^\uFEFF/, ''), options);
  const keys = new Map<unknown, Map<string, Pair>>();
  const doubles: Trouble[] = [];
  const trouble = syntaxTrouble(document) ?? treeTrouble(document, keys, doubles);
  if (trouble !== null) return unread(trouble);
  const placeOf: ParsedText['placeOf'] = (path, isKey) => at(offsetOf(document.contents, path, isKey, keys));
  try {
    return {
      value: document.toJS({ maxAliasCount: mostAliases }),
      trouble: null,
      doubles: doubles.map(({ text, offset }) => ({ text, place: at(offset) })),
      placeOf,
    };
  } catch (error) {
    return unread({ text: `cannot be read: ${(error as Error).message}`, offset: 0 });
  }
}

function syntaxTrouble({ errors, warnings }: Document): Trouble | null {
  const [problem] = [...errors, ...warnings];
  if (problem === undefined) return null;
  const words = problem.message.split('\n')[0] ?? '';
  return { text: `is neither YAML nor JSON: ${visible(words.slice(0, longestWords))}`, offset: problem.pos[0] };
}

/**
 * What the text may not say though its syntax is right. Fills in the pairs of each mapping by their keys, and the keys
 * that stand twice.
 */
function treeTrouble(document: Document, keys: Map<unknown, Map<string, Pair>>, doubles: Trouble[]): Trouble | null {
  let trouble: Trouble | null = null;
  let aliases = 0;
  const stop = (node: unknown, text: string) => {
    trouble = { text, offset: startOf(node) ?? 0 };
    return visit.BREAK;
  };
  visit(document as Document.Parsed, {
    Map(_, node) {
      const pairs = new Map<string, Pair>();
      keys.set(node, pairs);
      for (const pair of node.items) {
        const key = String(pair.key);
        if (pairs.has(key))
          doubles.push({ text: `"${brief(key)}" stands here for the second time`, offset: startOf(pair.key) ?? 0 });
        pairs.set(key, pair);
      }
    },
    Alias(_, node: Alias, path) {
      aliases += 1;
      if (aliases > mostAliases)
        return stop(node, `has more than ${mostAliases} aliases, such as *${brief(node.source)}`);
      const named = node.resolve(document as Document.Parsed);
      return named !== undefined && path.includes(named)
        ? stop(node, `*${brief(node.source)} stands inside what it is short for`)
        : undefined;
    },
  });
  return trouble;
}

/** How far into the text a path leads; as far as it goes. */
function offsetOf(
  root: unknown,
  path: readonly PropertyKey[],
  isKey: boolean,
  keys: ReadonlyMap<unknown, ReadonlyMap<string, Pair>>,
): number {
  let node = root;
  let offset = startOf(root) ?? 0;
  for (const [index, step] of path.entries()) {
    const { key, value } = childOf(node, step, keys);
    const wantsKey = isKey && index === path.length - 1;
    offset = (wantsKey ? startOf(key) : startOf(value)) ?? startOf(key) ?? offset;
    node = value;
  }
  return offset;
}

function childOf(
  node: unknown,
  step: PropertyKey,
  keys: ReadonlyMap<unknown, ReadonlyMap<string, Pair>>,
): { key: unknown; value: unknown } {
  if (!isNode(node) || !('items' in node)) return { key: null, value: null };
  const items = node.items as readonly unknown[];
  if (!isMap(node)) return { key: null, value: items[Number(step)] ?? null };
  return keys.get(node)?.get(String(step)) ?? { key: null, value: null };
}

const startOf = (node: unknown): number | null => (isNode(node) ? ((node as Node).range?.[0] ?? null) : null);
