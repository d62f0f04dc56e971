/** The MTAs and mail services that are told apart, as they write themselves: what a report calls a server. Adding one begins here. */
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
  'Gmail',
] as const;

export type MtaTitle = (typeof mtaTitles)[number];

/** The key of its fixes: the title in small letters. */
export type MtaName = Lowercase<MtaTitle>;

/** Lines to paste, by MTA. A line that begins with `#` says where the next ones go, or what to put in their place. */
export type Fixes = Readonly<Partial<Record<MtaName, readonly string[]>>>;

/** How the MTA of a key writes itself; a key of a later version is shown as it is. */
export const titleOf = (name: string): string => mtaTitles.find((title) => title.toLowerCase() === name) ?? name;
