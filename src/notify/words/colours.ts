import type { Severity } from '../../model/judgement.ts';

/** The edge of a message by its weight, as in the HTML report; `over`: nothing is wrong any more. */
export const colours: Readonly<Record<Severity | 'over', string>> = {
  critical: '#8f1212',
  high: '#bd3414',
  medium: '#d4743a',
  low: '#cda12c',
  info: '#a3b3c6',
  over: '#6fa982',
};
