import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../src/model/usage-error.ts';
import { builtIns } from '../../../src/policy/built-in/built-ins.ts';
import { readPolicy } from '../../../src/policy/read-policy.ts';

const ids = ['hello', 'open-relay', 'vrfy', 'auth-weak', 'connection-rate'];

/** Why a policy is refused; null where it is read. Whatever else happens is a bug of ours. */
function refusalOf(text: string): string | null {
  try {
    readPolicy(text, { file: 'p.yaml', name: 'p', probes: ids });
    return null;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    expect(error.message).toMatch(/^p\.yaml:\d+:\d+: [^\n]+$/);
    expect(error.message).not.toMatch(/\p{Cc}/u);
    expect(error.message.length).toBeLessThan(800);
    return error.message;
  }
}

const policies = [
  ...Object.values(builtIns),
  'severities: &s { open-relay: critical, vrfy: low }\nports: { 25: open, 2525: closed }\nmustTell: [vrfy]\n',
  'mechanisms:\n  mx:\n    beforeTls: { forbidden: ["*"] }\ntls:\n  submission: { floor: TLSv1.2, speaks: [TLSv1.3] }\n',
  'waivers:\n  - &w { probe: vrfy, endpoint: "mx*", until: 2030-01-01, reason: agreed }\n  - { probe: hello, until: 2030-01-01, reason: x }\n',
  '{"name": "ours", "ceilings": {"connection-rate": 60}}',
];

/** What breaks a document: pieces of its syntax, aliases of what is around them, and what no document holds. */
const pieces = fc.oneof(
  fc.constantFrom(
    ...['&a ', '*a', '&s ', '*s', '<<: *a\n', '? ', ': ', '- ', '[', ']', '{', '}', '"', "'", '|\n', '>\n', '\t', '\n'],
    ...['\n  ', '#', ', ', '---\n', '...\n', '%YAML 1.1\n---\n', '!!binary ', '!!set ', '!!js/function ', '!x ', '~'],
    ...['\0', '\u2028', '\uD800', '\uFEFF', '\u001B[31m', '__proto__: ', 'constructor: ', '1e999', '0x1F', '.nan'],
    ...['2030-13-99', '-1', 'severities: ', 'waivers: ', '&a [*a]', '&a { vrfy: *a }', '&a [&b { x: *a }, *b]'],
  ),
  fc.string({ maxLength: 8 }),
);

/** A policy, pieces of which are cut out, put in twice, or replaced. */
const damaged = fc
  .record({
    text: fc.constantFrom(...policies),
    cuts: fc.array(fc.record({ at: fc.nat(), gone: fc.nat({ max: 12 }), put: pieces }), { minLength: 1, maxLength: 6 }),
  })
  .map(({ text, cuts }) =>
    cuts.reduce((left, { at, gone, put }) => {
      const from = at % (left.length + 1);
      return `${left.slice(0, from)}${put}${left.slice(from + gone)}`;
    }, text),
  );

test('a damaged policy is read, or refused in one line with the place', () => {
  fc.assert(
    fc.property(damaged, (text) => {
      refusalOf(text);
    }),
    { seed: 12, numRuns: 3000 },
  );
});

test.each<[string, string]>([
  ['severities: &a\n  vrfy: *a\n', 'p.yaml:2:9: *a stands inside what it is short for'],
  ['waivers: &a [*a]\n', 'p.yaml:1:14: *a stands inside what it is short for'],
  ['&a [*a]\n', 'p.yaml:1:5: *a stands inside what it is short for'],
  ['waivers:\n  - &a { probe: &b [ { x: *a } ] }\n', 'p.yaml:2:27: *a stands inside what it is short for'],
  ['%YAML 1.1\n---\n&a\n<<: *a\n', 'p.yaml:4:5: *a stands inside what it is short for'],
  ['name: a\nports: {}\nname: b\n', 'p.yaml:3:1: "name" stands here for the second time'],
  [`mustTell: [&a vrfy${', *a'.repeat(101)}]`, 'p.yaml:1:421: has more than 100 aliases, such as *a'],
])('%#: %.40s is refused', (text, problem) => {
  expect(refusalOf(text)).toBe(problem);
});

const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

/** Each took minutes, or all memory. */
describe('takes seconds', () => {
  test.each([
    ['keys that nobody knows', `severities:\n${many(40_000, (at) => `  p${at}: x\n`)}`],
    [
      'keys that nobody knows, in JSON',
      JSON.stringify(Object.fromEntries(Array.from({ length: 40_000 }, (_, at) => [`p${at}`, 1]))),
    ],
    ['aliases', `${many(15_000, (at) => `k${at}: &a${at} 1\n`)}${many(15_000, (at) => `j${at}: *a${at}\n`)}`],
    ['waivers that are wrong', `waivers:\n${'  - { probe: x, until: y, reason: 1 }\n'.repeat(13_000)}`],
    ['nothing but opening brackets', '['.repeat(500_000)],
    ['nothing but dashes', '- '.repeat(250_000)],
    ['nothing but question marks', '? '.repeat(250_000)],
    ['nothing but anchors', '&a '.repeat(150_000)],
    ['quotes that nobody closes', `name: "${'\\\n '.repeat(150_000)}`],
    ['NUL', '\0'.repeat(500_000)],
    ['empty lines', '\n'.repeat(500_000)],
    ['comments', '#\n'.repeat(250_000)],
    ['documents', '---\n'.repeat(125_000)],
    ['commas', `mustTell: [${', '.repeat(250_000)}`],
    ['tags', `name: !!${'x'.repeat(500_000)} y`],
    ['50 MB', 'waivers:\n'.padEnd(50_000_000, '  - { probe: vrfy, until: 2030-01-01, reason: x }\n')],
  ])('a policy of %s', (_, text) => {
    const began = process.cpuUsage();
    refusalOf(text);
    const { user } = process.cpuUsage(began);
    expect(user / 1e6).toBeLessThan(5);
  });
});
