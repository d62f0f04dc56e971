import { isMap, isNode, isPair, LineCounter, type Node, parseDocument } from 'yaml';

/** Counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface ParsedText {
  readonly value: unknown;
  /** Why the text is neither YAML nor JSON. */
  readonly trouble: { readonly text: string; readonly place: Place } | null;
  /** Where a value stands, or (`isKey`) the key that leads to it; of what is not there, what it would be in. */
  placeOf(path: readonly PropertyKey[], isKey: boolean): Place;
}

/** Reads YAML 1.2, of which JSON is a part. */
export function parsedText(text: string): ParsedText {
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const words = problem.message.split('\n')[0] ?? '';
    return {
      value: null,
      trouble: { text: `is neither YAML nor JSON: ${words}`, place: at(problem.pos[0]) },
      placeOf: () => at(0),
    };
  }
  const placeOf: ParsedText['placeOf'] = (path, isKey) => at(offsetOf(document.contents, path, isKey));
  try {
    return { value: document.toJS({ maxAliasCount: 100 }), trouble: null, placeOf };
  } catch (error) {
    return { value: null, trouble: { text: `cannot be read: ${(error as Error).message}`, place: at(0) }, placeOf };
  }
}

/** How far into the text a path leads; as far as it goes. */
function offsetOf(root: unknown, path: readonly PropertyKey[], isKey: boolean): number {
  let node = root;
  let offset = startOf(root) ?? 0;
  for (const [index, step] of path.entries()) {
    const { key, value } = childOf(node, step);
    const wantsKey = isKey && index === path.length - 1;
    offset = (wantsKey ? startOf(key) : startOf(value)) ?? startOf(key) ?? offset;
    node = value;
  }
  return offset;
}

function childOf(node: unknown, step: PropertyKey): { key: unknown; value: unknown } {
  if (!isNode(node) || !('items' in node)) return { key: null, value: null };
  const items = node.items as readonly unknown[];
  if (!isMap(node)) return { key: null, value: items[Number(step)] ?? null };
  const pair = items.find((item) => isPair(item) && String(item.key) === String(step));
  return isPair(pair) ? { key: pair.key, value: pair.value } : { key: null, value: null };
}

const startOf = (node: unknown): number | null => (isNode(node) ? ((node as Node).range?.[0] ?? null) : null);
