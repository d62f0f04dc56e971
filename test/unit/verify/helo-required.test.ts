import { expect, test } from 'vitest';
import { exchange } from '../kit/replies.ts';
import { rowOf, type Shown, told, untold } from './held.ts';

const answered = (...replies: readonly string[]): Shown => ({
  observations: {
    'helo-required': {
      phases: replies.map((raw, index) => ({
        tls: index > 0,
        mail: { exchange: exchange('MAIL FROM:<>', raw), cut: null },
        control: [],
      })),
    },
  },
});
const taken = '250 2.1.0 Ok';
const refused = '503 5.5.1 Error: send HELO/EHLO first';
const cut: Shown = {
  observations: { 'helo-required': { phases: [{ tls: false, mail: { exchange: null, cut: null }, control: [] }] } },
};

test.each<[string, string, Shown, string]>([
  ['on, and refused', 'yes', answered(refused), 'confirmed'],
  ['on, and taken', 'yes', answered(taken), 'contradicted'],
  ['off, and taken', 'no', answered(taken), 'confirmed'],
  ['off, and refused', 'no', answered(refused), 'contradicted'],
  [
    'on, and refused inside TLS',
    'yes',
    answered('530 5.7.0 Must issue a STARTTLS command first', refused),
    'confirmed',
  ],
  ['refused for another reason', 'yes', answered('450 4.7.1 try later'), 'not-told'],
  ['cut short', 'no', cut, 'not-told'],
  ['not asked', 'no', { findings: [untold('helo-required', 'not-permitted')] }, 'not-told'],
])('%s', (_, value, shown, verdict) => {
  expect(told('smtpd_helo_required', `smtpd_helo_required = ${value}`, shown)).toBe(verdict);
});

test('the refusal is quoted', () => {
  const { evidence } = rowOf('smtpd_helo_required', 'smtpd_helo_required = yes', answered(refused));
  expect(evidence.map(({ quote }) => quote)).toEqual([refused]);
});
