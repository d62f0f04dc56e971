import { balancedEnd, nameOf, operator, skipSpace } from './macro-syntax.ts';
import { quoted } from './problem.ts';

/**
 * What a name stands for: its unexpanded value; `undefined` where nobody has defined it; null where it is defined, and
 * to us unknown.
 */
export type Lookup = (name: string) => string | null | undefined;

export interface Expansion {
  /** null where a part of it is not known, or where Postfix would give up: then `problems` says why. */
  readonly value: string | null;
  readonly problems: readonly string[];
  /** Names used for their value that nobody has defined; they stand for nothing. */
  readonly undefinedNames: readonly string[];
}

const deepest = 100;
const longest = 1_000_000;

/**
 * Expands `$name`, `$(name)`, `${name}`, `${name?text}`, `${name:text}`, `${name?{text}:{text}}`, `${{text} == {text} ?
 * {text} : {text}}` and `$$` as postconf(5) has it. Only the branch that is taken is looked at.
 */
export function expand(text: string, lookup: Lookup): Expansion {
  const state: State = { lookup, undefinedNames: new Set(), values: new Map(), depth: 0, steps: 0 };
  try {
    return { value: expanded(text, state), problems: [], undefinedNames: [...state.undefinedNames] };
  } catch (error) {
    if (error === unknown) return { value: null, problems: [], undefinedNames: [...state.undefinedNames] };
    if (!(error instanceof BadSyntax)) throw error;
    return { value: null, problems: [error.message], undefinedNames: [...state.undefinedNames] };
  }
}

interface State {
  readonly lookup: Lookup;
  readonly undefinedNames: Set<string>;
  /** What names came to: each is expanded once, however often it is used. */
  readonly values: Map<string, string>;
  depth: number;
  steps: number;
}

/** Thrown often: one will do, for nobody reads where it came from. */
const unknown = new Error('hangs on what is not known');
class BadSyntax extends Error {}

function expanded(text: string, state: State): string {
  if (state.depth > deepest) throw new BadSyntax(`$ inside $ goes deeper than ${deepest}: a name refers to itself`);
  state.depth += 1;
  let out = '';
  for (let at = 0; at < text.length; ) {
    const dollar = text.indexOf('$', at);
    if (dollar < 0) {
      out += text.slice(at);
      break;
    }
    out += text.slice(at, dollar);
    if (text[dollar + 1] === '$') {
      out += '$';
      at = dollar + 2;
      continue;
    }
    const reference = referenceAt(text, dollar + 1);
    out += resolve(reference.body, state);
    at = reference.end;
    state.steps += 1;
    if (out.length > longest || state.steps > longest) throw new BadSyntax('it expands to more than a megabyte');
  }
  state.depth -= 1;
  return out;
}

/** What stands behind a `$`: the inside of the parentheses or braces, or a plain name. */
function referenceAt(text: string, from: number): { readonly body: string; readonly end: number } {
  const opening = text[from];
  if (opening === '{' || opening === '(') {
    const end = balancedEnd(text, from, opening, opening === '{' ? '}' : ')');
    if (end === null) throw new BadSyntax(`$${opening} is not closed in ${quoted(text)}`);
    if (end === from + 2) throw new BadSyntax(`no name after $ in ${quoted(text)}`);
    return { body: text.slice(from + 1, end - 1), end };
  }
  const name = nameOf(text, from);
  if (name === '') throw new BadSyntax(`no name after $ in ${quoted(text)}; a dollar sign is written $$`);
  return { body: name, end: from + name.length };
}

/** `name`, or a comparison; then nothing, or `?` and `:` with what to say. */
function resolve(body: string, state: State): string {
  const start = skipSpace(body, 0);
  if (body[start] === '{') {
    const { isTrue, end } = comparison(body, start, state);
    if (end === body.length) return isTrue ? 'true' : '';
    return branch(body, end, () => isTrue, state);
  }
  const name = nameOf(body, start);
  const end = skipSpace(body, start + name.length);
  if (end === body.length) return used(name, state);
  return branch(body, end, () => isSet(name, state), state);
}

function used(name: string, state: State): string {
  const before = state.values.get(name);
  if (before !== undefined) return before;
  const value = state.lookup(name);
  if (value === null) throw unknown;
  if (value === undefined) state.undefinedNames.add(name);
  const result = expanded(value ?? '', state);
  state.values.set(name, result);
  return result;
}

function isSet(name: string, state: State): boolean {
  const value = state.lookup(name);
  if (value === null) throw unknown;
  return value !== undefined && value !== '';
}

/** From the `?` or `:` on. Text without braces goes to the end; `{yes}` may be followed by `:` and what else to say. */
function branch(body: string, at: number, condition: () => boolean, state: State): string {
  const sign = body[at];
  if (sign !== '?' && sign !== ':') {
    throw new BadSyntax(
      `"?" or ":" is missing, or the name is none, in ${asWritten(body)} before ${quoted(body.slice(at))}`,
    );
  }
  const first = operand(body, at + 1);
  if (sign === ':') {
    expectEnd(body, first.end);
    return condition() ? '' : expanded(first.text, state);
  }
  if (first.end === body.length) return condition() ? expanded(first.text, state) : '';
  if (body[first.end] !== ':')
    throw new BadSyntax(`":" is missing in ${asWritten(body)} before ${quoted(body.slice(first.end))}`);
  const second = operand(body, first.end + 1);
  expectEnd(body, second.end);
  return expanded(condition() ? first.text : second.text, state);
}

function expectEnd(body: string, at: number): void {
  if (at < body.length) throw new BadSyntax(`${quoted(body.slice(at))} is one part too many in ${asWritten(body)}`);
}

/** `{text}` with the white space around it, or all that is left. */
function operand(body: string, from: number): { readonly text: string; readonly end: number } {
  const start = skipSpace(body, from);
  return body[start] === '{' ? braced(body, start) : { text: body.slice(start), end: body.length };
}

function braced(body: string, start: number): { readonly text: string; readonly end: number } {
  const end = balancedEnd(body, start, '{', '}');
  if (end === null) throw new BadSyntax(`braces do not match in ${asWritten(body)}`);
  return { text: body.slice(start + 1, end - 1), end: skipSpace(body, end) };
}

/** An expression to be quoted in a message. */
const asWritten = (body: string) => quoted(`\${${body}}`);

function comparison(body: string, start: number, state: State): { readonly isTrue: boolean; readonly end: number } {
  const left = braced(body, start);
  const sign = operator(body, left.end);
  if (sign === null) {
    throw new BadSyntax(`== != < <= >= or > is missing in ${asWritten(body)} before ${quoted(body.slice(left.end))}`);
  }
  const rightStart = skipSpace(body, sign.end);
  if (body[rightStart] !== '{') {
    throw new BadSyntax(`{ is missing in ${asWritten(body)} before ${quoted(body.slice(rightStart))}`);
  }
  const right = braced(body, rightStart);
  const isTrue = sign.compare(expanded(left.text, state), expanded(right.text, state));
  if (isTrue === null) throw new BadSyntax(`a compatibility level is a number such as 2 or 3.6, in ${asWritten(body)}`);
  return { isTrue, end: right.end };
}
