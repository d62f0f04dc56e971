import { describe, expect, test } from 'vitest';
import type { Measured } from '../../../src/model/judgement.ts';
import { type Files, measured, rowOf, type Shown, told, untold } from './held.ts';

const endings = (verdict: 'pass' | 'fail', lists: Measured): Shown => ({
  findings: [
    measured('bare-newline', verdict, { reachable: [], hygiene: [], refused: [], ...lists }, '250 2.0.0 Ok: queued'),
  ],
});
const data = endings('pass', {});
const ends = endings('fail', { reachable: ['LF.LF', 'LF.CRLF'], hygiene: ['CRLF.LF'] });
const refused = endings('pass', { refused: ['LF.LF', 'LF.CRLF', 'CRLF.LF'] });
const halfTold = endings('fail', { hygiene: ['CRLF.LF'], untold: ['LF.LF'] });
const notAsked: Shown = { findings: [untold('bare-newline', 'not-permitted')] };

const set = (value: string, more = ''): Files => ({
  main: `smtpd_forbid_bare_newline = ${value}\n${more}`,
  version: '3.7.11',
});
const unset = (version: string): Files => ({ version });

describe('smtpd_forbid_bare_newline', () => {
  test.each<[string, Files, Shown, string]>([
    ['no, and LF.LF ends a message', set('no'), ends, 'confirmed'],
    ['no, and nothing but the true end does', set('no'), data, 'contradicted'],
    ['normalize, and data', set('normalize'), data, 'confirmed'],
    ['normalize, and it ends a message', set('normalize'), ends, 'contradicted'],
    ['normalize, and refused', set('normalize'), refused, 'contradicted'],
    ['note', set('note'), data, 'confirmed'],
    ['yes, as normalize', set('yes'), data, 'confirmed'],
    ['yes, as the first releases had it', set('yes'), refused, 'confirmed'],
    ['yes, and it ends a message', set('yes'), ends, 'contradicted'],
    ['reject, and refused', set('reject'), refused, 'confirmed'],
    ['reject, and data', set('reject'), data, 'contradicted'],
    ['Reject', set('Reject'), refused, 'confirmed'],
    ['no such word', set('maybe'), data, 'not-told'],
    ['not set: no, before 3.9', unset('3.7.11'), ends, 'confirmed'],
    ['not set: normalize, from 3.9 on', unset('3.9.0'), ends, 'contradicted'],
    ['not set: normalize, and data', unset('3.10.0'), data, 'confirmed'],
    ['a version that has it not', unset('3.4'), ends, 'not-told'],
    ['told of other endings alone', set('no'), halfTold, 'not-told'],
    ['not asked', set('normalize'), notAsked, 'not-told'],
    ['we are spared', set('normalize', 'smtpd_forbid_bare_newline_exclusions = 0.0.0.0/0'), ends, 'not-told'],
    [
      'who is spared is in a table',
      set('normalize', 'smtpd_forbid_bare_newline_exclusions = cidr:/etc/postfix/x'),
      { ...ends, options: { vantage: null } },
      'not-told',
    ],
  ])('%s', (_, files, shown, verdict) => {
    expect(told('smtpd_forbid_bare_newline', files, shown)).toBe(verdict);
  });

  test('what ended it is quoted', () => {
    const row = rowOf('smtpd_forbid_bare_newline', set('normalize'), ends);
    expect(row).toMatchObject({ seen: 'LF . LF ends a message', evidence: [{ quote: '250 2.0.0 Ok: queued' }] });
  });
});

const groups = (ehlo: string, behindData: string): Shown => ({
  findings: [
    measured('pipelining-order', 'fail', { ehlo, data: behindData }, '554 5.5.0 Error: SMTP protocol synchronization'),
  ],
});

describe('smtpd_forbid_unauth_pipelining', () => {
  test.each<[string, Files, Shown, string]>([
    ['on, and stopped', { main: 'smtpd_forbid_unauth_pipelining = yes' }, groups('stopped', 'stopped'), 'confirmed'],
    ['on, and run', { main: 'smtpd_forbid_unauth_pipelining = yes' }, groups('taken', 'taken'), 'contradicted'],
    ['off, and run', { main: 'smtpd_forbid_unauth_pipelining = no' }, groups('taken', 'taken'), 'confirmed'],
    ['off, and stopped', { main: 'smtpd_forbid_unauth_pipelining = no' }, groups('stopped', 'stopped'), 'contradicted'],
    ['one of two', { main: 'smtpd_forbid_unauth_pipelining = yes' }, groups('stopped', 'taken'), 'not-told'],
    ['not set, before 3.9', { version: '3.7.11' }, groups('taken', 'taken'), 'confirmed'],
    ['not set, from 3.9 on', { version: '3.9.0' }, groups('taken', 'taken'), 'contradicted'],
    ['not asked', {}, { findings: [untold('pipelining-order', 'not-permitted')] }, 'not-told'],
  ])('%s', (_, files, shown, verdict) => {
    expect(told('smtpd_forbid_unauth_pipelining', files, shown)).toBe(verdict);
  });
});
