import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsageError } from '../../../src/model/usage-error.ts';
import { readPostfix } from '../../../src/postfix/configuration.ts';
import { parametersWithDefaults } from '../../../src/postfix/defaults.ts';
import { expand } from '../../../src/postfix/expand.ts';
import { listOf } from '../../../src/postfix/values.ts';

/** Text made of the pieces that matter, so that most of it gets past the first line. */
const pieces = [
  ...[
    'myhostname',
    'smtpd_banner',
    'a',
    'b',
    ' = ',
    '=',
    '\n',
    '\r\n',
    ' ',
    '\t',
    '#',
    ',',
    '$',
    '$$',
    '${',
    '$(',
    '{',
    '}',
    ')',
    '?',
    ':',
  ],
  ...[
    '==',
    '<level',
    '3.6',
    'smtp',
    'inet',
    'pass',
    'n',
    '-',
    'smtpd',
    '-o',
    '/',
    'smtp inet n - n - - smtpd',
    '\n  -o ',
    '[::1]:25',
    '\u00a0',
    'ü',
  ],
];
const odd = fc.oneof(
  fc.array(fc.constantFrom(...pieces)).map((parts) => parts.join('')),
  fc.string(),
  fc.string({ unit: 'binary' }),
);

test('whatever the files, there is a configuration or a UsageError', () => {
  fc.assert(
    fc.property(odd, fc.option(odd, { nil: undefined }), (main, master) => {
      const read = () =>
        readPostfix(
          { name: 'main.cf', text: `myhostname = $a\n${main}` },
          master === undefined ? {} : { master: { name: 'master.cf', text: master } },
        );
      try {
        for (const { setting } of read().services)
          for (const name of ['smtpd_banner', 'myhostname', 'a']) setting(name);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
        expect((error as UsageError).message).not.toMatch(/\p{C}/u);
      }
    }),
    { numRuns: 2000 },
  );
});

test('problems are printable, and of a line that is there', () => {
  fc.assert(
    fc.property(odd, (text) => {
      try {
        for (const { line, message } of readPostfix({ name: 'main.cf', text: `myhostname = x\n${text}` }).problems) {
          expect(message).not.toMatch(/\p{C}/u);
          expect(line).toBeLessThanOrEqual(1 + text.split('\n').length);
        }
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
      }
    }),
    { numRuns: 1000 },
  );
});

const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

/** Of each, hours or for ever was once what it took. */
test.each([
  ['names that stand for two others each', many(50_000, (at) => `n${at} = $n${at + 1} $n${at + 2}\n`)],
  [
    'classes that stand for two others each',
    `smtpd_recipient_restrictions = c0\nsmtpd_relay_restrictions = c1\nsmtpd_restriction_classes = ${many(40, (at) => `c${at} `)}\n${many(40, (at) => `c${at} = c${at + 1} c${at + 2}\n`)}`,
  ],
  ['words that nobody knows', `smtpd_recipient_restrictions = ${many(100_000, (at) => `reject_unlisted_${at} `)}\n`],
  ['parameters that nobody knows', many(100_000, (at) => `smtpd_x${at} = y\n`)],
  ['braces that nobody closes', `mynetworks = ${'{ '.repeat(200_000)}\nsmtpd_banner = ${'${a?{'.repeat(100_000)}\n`],
])('%s are read in seconds', (_, text) => {
  const main = { name: 'main.cf', text: `compatibility_level = 3.6\n${text}` };
  const services = many(200, (at) => `127.0.0.1:${at + 1} inet n - n - - smtpd\n`);
  readPostfix(main, { master: { name: 'master.cf', text: services }, version: '3.7' });
});

/** Each class was looked into once for each service, which took a minute. */
test.each([
  ['services of one kind', () => ''],
  ['services that differ', (at: number) => ` -o syslog_name=s${at}`],
])('classes by the hundred thousand are checked in seconds for %s', (_, own) => {
  const classes = many(100_000, (at) => `c${at} `);
  const main = {
    name: 'main.cf',
    text: `compatibility_level = 3.6\nsmtpd_restriction_classes = ${classes}\n${many(100_000, (at) => `c${at} = reject_unauth_destination\n`)}smtpd_recipient_restrictions = c0 c1 reject_nonsense\n`,
  };
  const services = many(64, (at) => `127.0.0.1:${at + 1} inet n - n - - smtpd${own(at)}\n`);
  const began = process.cpuUsage();
  const { problems } = readPostfix(main, { master: { name: 'master.cf', text: services }, version: '3.7' });
  expect(process.cpuUsage(began).user / 1e6).toBeLessThan(5);
  expect(problems).toMatchObject([{ parameter: 'smtpd_recipient_restrictions' }]);
});

const name = fc.oneof(fc.constantFrom(...parametersWithDefaults), fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/));
const value = fc.stringMatching(/^([!-"%-~ü]( *[!-#%-~ü,]){0,30})?$/);

test('what is written is read, whatever the white space and the comments', () => {
  const breaks = fc.array(fc.constantFrom('\n ', '\n\t', '\n# x = y\n  ', '\n\n   # z\n ', '\r\n '), { maxLength: 4 });
  fc.assert(
    fc.property(fc.dictionary(name, value), breaks, (wanted, folds) => {
      fc.pre(!Object.hasOwn(wanted, 'mail_version'));
      const text = Object.entries(wanted)
        .map(([key, given]) => `${key} =${folds.join('')}  ${given}  \n#\n`)
        .join('');
      const { written } = readPostfix({ name: 'main.cf', text: `${text}biff = no\n` });
      const read = Object.fromEntries([...written].map(([key, { value: got }]) => [key, got]));
      expect(read).toEqual({ ...wanted, biff: 'no' });
    }),
  );
});

test('text without a dollar sign stands for itself, and so does any text once its dollar signs are doubled', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(expand(text.replaceAll('$', '$$$$'), () => undefined)).toEqual({
        value: text,
        problems: [],
        undefinedNames: [],
      });
    }),
  );
});

test('a list is its members, joined anew', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z0-9_:/.=]{1,9}$|^\{[a-z ,]{0,9}\}$/)),
      fc.constantFrom(' ', ', ', ',', '\t'),
      (members, between) => {
        expect(listOf(members.join(between))).toEqual(members);
      },
    ),
  );
});
