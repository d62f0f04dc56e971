import { type Argument, type Expression, type NewExpression, parseSync, Visitor } from 'oxc-parser';

/** What stands for a part of an expression that is known only when it runs. */
const unknownPart = 'hole';

/** Each regular expression of a source file, literal or constructed; one that splits goes through all of the text. */
export function expressionsOf(file: string, source: string): RegExp[] {
  const { program, errors } = parseSync(file, source);
  if (errors[0] !== undefined) throw new Error(`${file}: ${errors[0].message}`);
  const found = new Map<number, { pattern: string; flags: string }>();
  new Visitor({
    Literal(node) {
      if ('regex' in node && node.regex != null) found.set(node.start, { ...node.regex });
    },
    NewExpression(node) {
      if (isRegExp(node)) found.set(node.start, constructed(node.arguments));
    },
    'CallExpression:exit'({ callee, arguments: [by] }) {
      const splits = callee.type === 'MemberExpression' && nameOf(callee.property) === 'split';
      const one = splits && by !== undefined ? found.get(by.start) : undefined;
      if (one !== undefined) one.flags = [...new Set(`${one.flags}g`)].join('');
    },
  }).visit(program);
  return [...found.values()].map(({ pattern, flags }) => new RegExp(pattern, flags));
}

const isRegExp = ({ callee }: NewExpression) => nameOf(callee) === 'RegExp';
const nameOf = (node: { type: string; name?: unknown }) => (node.type === 'Identifier' ? node.name : null);

function constructed([pattern, flags]: readonly Argument[]) {
  return { pattern: textOf(pattern) ?? unknownPart, flags: textOf(flags) ?? '' };
}

function textOf(node: Argument | Expression | undefined): string | null {
  if (node?.type === 'Literal') return String(node.value);
  return node?.type === 'TemplateLiteral' ? node.quasis.map(({ value }) => value.cooked).join(unknownPart) : null;
}

/** In characters. */
const length = 64 * 1024;

/** What every expression is fed, whatever it looks for. */
const common = [
  ...[
    'a',
    ' ',
    '.',
    '-',
    '<',
    '"',
    '[',
    '(',
    '{',
    '1',
    '1.',
    'a.',
    'a-',
    '<>',
    ' -',
    '250 ',
    'a b ',
    '<a>: ',
    '\n',
    '. ',
  ],
  ...[
    'é',
    '\0',
    '\r',
    '\r\n',
    ' \n',
    '/',
    '//',
    ':',
    '::',
    '@',
    'a@b.',
    ',',
    '=',
    'a=1;',
    '\\',
    '*',
    '#',
    '%',
    '$',
    '${',
  ],
];
/** What no part of an expression would take. */
const tails = ['', '\u0001'];

interface Food {
  readonly begin: string;
  /** Over and over. */
  readonly piece: string;
  readonly tail: string;
}

/** What is made to keep an expression busy: half a match, over and over, with an end that is none. */
function hostileTexts({ source }: RegExp): Food[] {
  const own = ownFood(source);
  return [
    ...common.map((piece) => ({ begin: '', piece, tail: '' })),
    ...tails.flatMap((tail) => own.map((one) => ({ ...one, tail }))),
  ];
}

/** Pieces of the expression itself, with and without what would stand before them in a match. */
function ownFood(source: string): Omit<Food, 'tail'>[] {
  const samples = samplesOf(source);
  const starts = spread(samples.length, 12);
  const food = starts.flatMap((at) =>
    [1, 2, 3, 5, 6].flatMap((count) => {
      const piece = samples.slice(at, at + count).join('');
      return ['', samples.slice(0, at).join('')].map((begin) => ({ begin, piece }));
    }),
  );
  const words = wordsOf(source).slice(0, 8);
  const told = words.flatMap((word, at) => [word, `${word} `, `${word} ${words[at + 1] ?? 'x'.repeat(50)} `]);
  const all = [...food, ...told.map((piece) => ({ begin: '550 5.7.1 <', piece }))];
  return [...new Map(all.map((one) => [`${one.begin}\0${one.piece}`, one])).values()];
}

/** Up to `most` numbers below `count`, all over it. */
const spread = (count: number, most: number): number[] =>
  count <= most ? [...Array(count).keys()] : Array.from({ length: most }, (_, at) => Math.floor((at * count) / most));

const atom =
  /\(\?(?:<?[=!]|:|<\w+>)|\{\d+,?\d*\}|\\[pP]\{[^}]*\}|\\u\{?[\dA-Fa-f]+\}?|\\x[\dA-Fa-f]{2}|\\k<\w+>|\\.|\[(?:\\.|[^\]\\])*\]|[\s\S]/gu;
const escapes: Readonly<Record<string, string>> = {
  ...{ '\\d': '1', '\\w': 'a', '\\s': ' ', '\\D': 'x', '\\W': '-', '\\S': 'x', '\\n': '\n', '\\r': '\r', '\\t': '\t' },
  ...{ '\\b': '', '\\B': '', '\\0': '\0' },
};

/** One character for each part of an expression that takes one. */
function samplesOf(source: string): string[] {
  return (source.match(atom) ?? []).map(sampleOf).filter((text) => text !== '');
}

function sampleOf(part: string): string {
  if (/^(?:[()|*+?^$]|\(\?.*|\{\d.*\})$/s.test(part)) return '';
  if (part === '.') return 'x';
  const isOne = part.startsWith('[') || /^\\[pPux]/.test(part);
  if (isOne) return [...' a1A.-_x<:,;="@/\n\0é'].find((one) => new RegExp(`^${part}$`, 'u').test(one)) ?? '';
  return escapes[part] ?? part.replace(/^\\/, '');
}

/** The plain words of an expression. */
function wordsOf(source: string): string[] {
  const plain = source
    .replace(/\\[bBdDsSwW]|\(\?(?:<?[=!]|:|<\w+>)|\{\d+(?:,\d*)?\}|[\^$]/g, ' ')
    .replace(/\\(.)/g, '$1');
  return plain
    .split(/[|()[\]{}?*+]+/)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

const filled = (piece: string, size: number) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);

/**
 * The slowest, in milliseconds of the processor. Grows the text, so that what would take for ever is found while it takes
 * seconds; only what takes long for an eighth of the length is fed all of it.
 */
export function slowestOf(says: RegExp): { milliseconds: number; text: string } {
  let worst = { milliseconds: 0, text: '' };
  for (const size of [28, 1024, length / 8]) {
    for (const { begin, piece, tail } of hostileTexts(says)) {
      const text = (long: number) => `${begin}${filled(piece, Math.max(long - begin.length, 0))}${tail}`;
      const milliseconds = millisecondsOf(says, text(size));
      const isDubious = size > 1024 && milliseconds > 0.6 && milliseconds <= 50;
      const whole = isDubious ? millisecondsOf(says, text(length)) : milliseconds;
      if (whole > worst.milliseconds) worst = { milliseconds: whole, text: text(size).slice(0, 60) };
      if (whole > 50) return worst;
    }
  }
  return worst;
}

/**
 * Of this process alone: the machine may be busy with others. The least of three, where the first was much: the
 * collector of garbage may have come in.
 */
function millisecondsOf(says: RegExp, text: string): number {
  const took = () => {
    says.lastIndex = 0;
    const began = process.cpuUsage();
    if (says.global) text.replace(says, '');
    else text.search(says);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  };
  const first = took();
  return first > 50 && first < 300 ? Math.min(first, took(), took()) : first;
}
