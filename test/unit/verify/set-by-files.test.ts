import { expect, test } from 'vitest';
import { held, hello, rowOf } from './held.ts';

const master = 'smtp inet n - n - - smtpd\n  -o smtpd_reject_unlisted_sender=yes\n  -o smtpd_banner=other\n';

test.each([
  ['of main.cf', { main: 'smtpd_reject_unlisted_sender = yes\n' }, 'main.cf:5'],
  ['of master.cf alone', { master }, 'master.cf:2'],
])('what no probe shows has a row all the same, where a line %s sets it', (_, files, where) => {
  const row = rowOf('smtpd_reject_unlisted_sender', files, { observations: { hello: hello() } });
  expect(row).toMatchObject({ verdict: 'not-visible', configured: { value: 'yes', where } });
});

test('nor does it leave anything open where its value hangs on something that the files do not say', () => {
  const row = rowOf('smtpd_sender_login_maps', 'smtpd_sender_login_maps = hash:$config_directory/senders\n', {
    observations: { hello: hello() },
  });
  expect(row.verdict).toBe('not-visible');
});

test('what no file sets has none, nor what Postfix does not know', () => {
  const rows = held({ main: 'smtpd_nonsense = 1\n' }, {}).endpoints[0]?.rows.map(({ directive }) => directive);
  expect(rows).not.toContain('smtpd_reject_unlisted_sender');
  expect(rows).not.toContain('smtpd_nonsense');
});

test('a line of master.cf says what it overrides', () => {
  const row = rowOf('smtpd_banner', { main: 'smtpd_banner = mine\n', master }, { observations: { hello: hello() } });
  expect(row.configured).toEqual({ value: 'other', where: 'master.cf:3, overrides line 5 of main.cf' });
});

test('what is contradicted, with both files given, may be older than they are', () => {
  const main = 'smtpd_banner = nobody.example.test\n';
  const notesOf = (files: object) => held(files, { observations: { hello: hello() } }).endpoints[0]?.notes.join();
  expect(notesOf({ main, master: 'smtp inet n - n - - smtpd\n' })).toContain('postfix reload');
  expect(notesOf({ main })).not.toContain('postfix reload');
});
