import type { Shaped, Zod } from './shape.ts';

/** The MTAs that there are fixes for, as they write themselves. Adding one begins here. */
export const mtaTitles = [
  'Postfix',
  'Dovecot',
  'Exim',
  'Sendmail',
  'OpenSMTPD',
  'Exchange',
  'Courier',
  'qmail',
  'Haraka',
  'Stalwart',
  'smtp-server',
] as const;

/** Others that are recognised, so that none of them is taken for one of the above and gets its fixes. */
const strangers = [
  'qpsmtpd',
  'aiosmtpd',
  'msmtpd',
  'go-smtp',
  'James',
  'hMailServer',
  'MailEnable',
  'MDaemon',
  'nginx',
  'IronPort',
  'FortiMail',
  'Barracuda',
  'Coremail',
  'Gmail',
  'Exchange Online',
  'Proofpoint',
  'Mimecast',
  'Yandex',
  'QQ Mail',
] as const;

/** All that a server can be recognised as. */
export const serverTitles = [...mtaTitles, ...strangers] as const;

export type ServerTitle = (typeof serverTitles)[number];

/** The key of fixes: the title in small letters. */
export type MtaName = Lowercase<(typeof mtaTitles)[number]>;

export const fixesShape = (z: Zod) => z.record(z.string(), z.array(z.string()));

/**
 * Lines to paste, by MTA (`MtaName`, `dns`, or the key of a later version). A line that begins with `#` says where the
 * next ones go, or what to put in their place.
 */
export type Fixes = Shaped<typeof fixesShape>;

/** The key of what is to be changed in DNS, whatever the MTA. */
export const dnsFix = 'dns';

/** How the MTA of a key writes itself; a key of a later version is shown as it is. */
export const titleOf = (name: string): string =>
  name === dnsFix ? 'DNS' : (mtaTitles.find((title) => title.toLowerCase() === name) ?? name);
