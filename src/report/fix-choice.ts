import type { Finding, MtaGuess, MtaName } from '../model/report.ts';

export interface FixChoice {
  readonly shown: readonly MtaName[];
  readonly others: readonly MtaName[];
}

/** Whose lines to show: those of the MTA recognised; where none was, of the two that run most of the world's mail. */
export function chosenFixes(fix: NonNullable<Finding['fix']>, mta: MtaGuess): FixChoice {
  const known = Object.keys(fix) as MtaName[];
  const recognised = known.filter((name) => name === mta.name?.toLowerCase());
  const shown = recognised.length > 0 ? recognised : known.filter((name) => name === 'postfix' || name === 'exim');
  return { shown, others: known.filter((name) => !shown.includes(name)) };
}

/** How the MTAs write themselves. */
export const mtaTitles: Readonly<Record<MtaName, string>> = {
  postfix: 'Postfix',
  dovecot: 'Dovecot',
  exim: 'Exim',
  sendmail: 'Sendmail',
  opensmtpd: 'OpenSMTPD',
  exchange: 'Exchange',
  courier: 'Courier',
  qmail: 'qmail',
  haraka: 'Haraka',
  stalwart: 'Stalwart',
  'smtp-server': 'smtp-server',
};
