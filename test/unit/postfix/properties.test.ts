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
