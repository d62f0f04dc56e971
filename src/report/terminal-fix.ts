import type { Finding, MtaGuess, MtaName } from '../model/report.ts';
import type { Para } from './layout.ts';

/** Lines to paste for the MTA recognised; where none was, for the two that run most of the world's mail. */
export function fixParas({ fix = {}, probe }: Finding, mta: MtaGuess): Para[] {
  const known = Object.keys(fix) as MtaName[];
  const recognised = known.filter((name) => name === mta.name?.toLowerCase());
  const shown = recognised.length > 0 ? recognised : known.filter((name) => name === 'postfix' || name === 'exim');
  const rest = recognised.length > 0 || known.length === shown.length ? [] : [others(probe)];
  return [...shown.flatMap((name) => linesFor(name, fix[name] ?? [])), ...rest];
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

function linesFor(name: MtaName, lines: readonly string[]): Para[] {
  return [
    { indent: 11, lead: [['strong', `Fix for ${mtaTitles[name]}:`]] },
    ...lines.map((text): Para => ({ indent: 13, text, wrap: 'no' })),
  ];
}

function others(probe: string): Para {
  return { indent: 11, text: `Other servers: mxprobe probes ${probe}`, style: 'faint' };
}
