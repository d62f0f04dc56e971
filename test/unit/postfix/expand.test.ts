// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how Postfix writes its own parameters.
import { describe, expect, test } from 'vitest';
import { expand } from '../../../src/postfix/expand.ts';

const names: Readonly<Record<string, string | null>> = {
  a: 'one',
  b: '$a two',
  empty: '',
  stress: '',
  level: '3.6',
  ten: '10',
  hosts: null,
  hidden: '$hosts',
  loop: 'x$loop',
  many: '$m1$m1',
  ...Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`m${at + 1}`, `$m${at + 2}$m${at + 2}`])),
  m61: 'x',
};
const lookup = (name: string) => (Object.hasOwn(names, name) ? names[name] : undefined);

describe('expands', () => {
  test.each([
    ['plain', 'plain'],
    ['', ''],
    ['$a-$(a)-${a}-${ a }', 'one-one-one-one'],
    ['$b.', 'one two.'],
    ['$$a $$$a', '$a $one'],
    ['[$missing]', '[]'],
    ['${a?yes} ${empty?yes}|${missing?yes}|', 'yes ||'],
    ['${a:no}|${empty:no} ${missing:$b}', '|no one two'],
    ['${a?{yes}:{no}} ${empty?{yes}:{no}}', 'yes no'],
    ['${ a ? {yes} : {no} }', 'yes'],
    ['${a?text: with a colon}', 'text: with a colon'],
    ['${a??foo:{b}ar}', '?foo:{b}ar'],
    ['${stress?{1}:{20}} ${stress?1}${stress:20}', '20 20'],
    ['${a?${empty?1}${empty:{2}}}', '2'],
    ['$(a?{x}:{y})', 'x'],
    ['${{$ten} == {10} ? {a} : {b}}', 'a'],
    ['${{$ten}<{9}?{a}:{b}} ${{x$ten} < {x9} ? {a} : {b}}', 'b a'],
    ['${{$ten} >= {010}} [${{$ten} > {10}}]', 'true []'],
    ['${{$level} <level {3.10} ? {a} : {b}} ${{$level} < {3.10} ? {a} : {b}}', 'a b'],
    ['${{2} <level {3.6} ? {no} : {yes}} ${{3.6.1} >level {3.6} ? {no} : {yes}}', 'no no'],
    ['${{$empty} != {} ? {a}}|${{$ten} != {10} : {c}}', '|c'],
    ['${a ?{kept}:{$loop}}', 'kept'],
  ])('%s', (text, value) => {
    expect(expand(text, lookup)).toMatchObject({ value, problems: [] });
  });
});

describe('what is not known makes the whole unknown', () => {
  test.each(['x $hosts', '${hosts?yes}', '$hidden', '${{$hosts} == {a} ? {b} : {c}}'])('%s', (text) => {
    expect(expand(text, lookup)).toEqual({ value: null, problems: [], undefinedNames: [] });
  });

  test('but not where it is in the branch that is not taken', () => {
    expect(expand('${a?{known}:{$hosts}}', lookup).value).toBe('known');
  });
});

test('names the names that nobody has defined, but not those that are asked about', () => {
  expect(expand('$x ${y} ${z?1} ${w:1} $x', lookup).undefinedNames).toEqual(['x', 'y']);
});

describe('says what is wrong', () => {
  test.each([
    ['${a', '${ is not closed in "${a"'],
    ['$(a', '$( is not closed in "$(a"'],
    ['${a?{b}', '${ is not closed in "${a?{b}"'],
    ['a $ b', 'no name after $ in "a $ b"; a dollar sign is written $$'],
    ['${}', 'no name after $ in "${}"'],
    ['${my-name}', '"?" or ":" is missing, or the name is none, in "${my-name}" before "-name"'],
    ['${a?{b}c}', '":" is missing in "${a?{b}c}" before "c"'],
    ['${a?{b}:{c}d}', '"d" is one part too many in "${a?{b}:{c}d}"'],
    ['${{a}{b}?{c}}', '== != < <= >= or > is missing in "${{a}{b}?{c}}" before "{b}?{c}"'],
    ['${{a} =~ {b}}', '== != < <= >= or > is missing in "${{a} =~ {b}}" before "=~ {b}"'],
    ['${{a} ==length {b}}', '== != < <= >= or > is missing in "${{a} ==length {b}}" before "==length {b}"'],
    ['${{a} == b}', '{ is missing in "${{a} == b}" before "b"'],
    ['${{a} == {b} c}', '"?" or ":" is missing, or the name is none, in "${{a} == {b} c}" before "c"'],
    ['$({a)', 'braces do not match in "${{a}"'],
    ['${{a} <level {2}}', 'a compatibility level is a number such as 2 or 3.6, in "${{a} <level {2}}"'],
    ['$loop', '$ inside $ goes deeper than 100: a name refers to itself'],
    ['$many', 'it expands to more than a megabyte'],
    ['${\u001b[31m}', '"?" or ":" is missing, or the name is none, in "${\\x1b[31m}" before "\\x1b[31m"'],
  ])('%j', (text, problem) => {
    expect(expand(text, lookup)).toMatchObject({ value: null, problems: [problem] });
  });
});
