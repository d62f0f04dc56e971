/** A line of a fix, or several that belong together. */
type Lines = string | readonly string[];

/** Changes to Postfix, and what makes them count. */
export const postfix = (...changes: readonly Lines[]): readonly string[] => [...changes.flat(), 'postfix reload'];

/** In main.cf; `name = value` each. */
export const set = (...settings: readonly string[]): readonly string[] =>
  settings.map((setting) => `postconf -e '${setting}'`);

/** In master.cf, for one port; `name=value` each, as postconf takes no white space there. */
export const setFor = (port: 'submission' | 'submissions', ...settings: readonly string[]): readonly string[] =>
  settings.map((setting) => `postconf -P '${port}/inet/${setting}'`);

/** What makes guessing slow, within a session. */
export const postfixErrorLimits = set(
  'smtpd_soft_error_limit = 5',
  'smtpd_hard_error_limit = 10',
  'smtpd_error_sleep_time = 3s',
);

/** Changes to a file below conf.d of Dovecot. */
export const dovecot = (file: string, ...changes: readonly Lines[]): readonly string[] => [
  `# conf.d/${file}`,
  ...changes.flat(),
  'doveadm reload',
];

export const exim = (...changes: readonly Lines[]): readonly string[] => [
  ...changes.flat(),
  'update-exim4.conf && systemctl restart exim4  # elsewhere: systemctl restart exim',
];

export const eximMain = '# main section of the configuration; Debian: /etc/exim4/exim4.conf.localmacros';

/** A setting of the main section, which Debian may have a macro for. Exim takes none that is set twice. */
export const eximSetting = (name: string, value: string, debianMacro?: string): readonly string[] => [
  eximMain,
  `sed -i -E '/^(${debianMacro === undefined ? '' : `${debianMacro}|`}${name}) *=/d' /etc/exim4/exim4.conf.localmacros`,
  `${name} = ${value}`,
];

/** Conditions in the ACL for RCPT, before recipients are verified: Debian reads a file of the administrator's there. */
export const eximRcptAcl = (...lines: readonly string[]): readonly string[] => [
  '# in the ACL that acl_smtp_rcpt names, before the recipient is verified; Debian: /etc/exim4/check_rcpt.acl',
  ...lines,
  "grep -q '^CHECK_RCPT_LOCAL_ACL_FILE' /etc/exim4/exim4.conf.localmacros || echo 'CHECK_RCPT_LOCAL_ACL_FILE = /etc/exim4/check_rcpt.acl' >> /etc/exim4/exim4.conf.localmacros",
];

/** Conditions at the head of the ACL for MAIL, which Debian has no macro for: a file of ours, read in there. */
export const eximMailAcl = (name: string, ...lines: readonly string[]): readonly string[] => [
  `# first in the ACL that acl_smtp_mail names; Debian: /etc/exim4/${name}.acl`,
  ...lines,
  `sed -i '/^acl_check_mail:/r /etc/exim4/${name}.acl' /etc/exim4/exim4.conf.template /etc/exim4/conf.d/acl/30_exim4-config_check_mail`,
];

/** Changes to sendmail.mc. */
export const sendmail = (...changes: readonly Lines[]): readonly string[] => [
  '# /etc/mail/sendmail.mc, above the MAILER lines',
  ...changes.flat(),
  rebuildSendmail,
];

export const rebuildSendmail = 'make -C /etc/mail && systemctl restart sendmail';

/** A line of sendmail.mc: the macro and its arguments, in the quotes of m4. */
export const m4 = (
  macro: 'define' | 'FEATURE' | 'DAEMON_OPTIONS' | 'TRUST_AUTH_MECH',
  ...args: readonly string[]
): string => `${macro}(${args.map((arg) => `\`${arg}'`).join(', ')})dnl`;

/** The listeners of a port go before another takes it: two cannot have it. */
export const sendmailNoListener = (port: 'smtp' | 'submission'): string =>
  `sed -i -E '/^DAEMON_OPTIONS.*Port=${port}/s/^/dnl /' /etc/mail/sendmail.mc`;

/** The submission port with AUTH as a must: sendmail opens one of its own without it. */
export const sendmailSubmission = [
  sendmailNoListener('submission'),
  m4('FEATURE', 'no_default_msa'),
  m4('DAEMON_OPTIONS', 'Port=submission, Name=MSA, M=Ea'),
];

/** Changes to smtpd.conf. */
export const opensmtpd = (...changes: readonly Lines[]): readonly string[] => [
  '# smtpd.conf; OpenBSD: /etc/mail/smtpd.conf; Debian: /etc/smtpd.conf',
  ...changes.flat(),
  'smtpd -n && systemctl restart opensmtpd  # OpenBSD: rcctl restart smtpd',
];

/** A listener in place of those that the port has. */
export const opensmtpdListen = (port: 'smtp' | 'submission' | 'smtps', options: string): readonly string[] => {
  const { named, old } = opensmtpdPorts[port];
  return [
    `sed -i -E '/^listen on/{${old};}' /etc/smtpd.conf  # the old listener of this port, wherever smtpd.conf is`,
    `listen on 0.0.0.0${named} ${options} pki mx.example.com${port === 'smtp' ? '' : ' auth'}`.replace('  ', ' '),
  ];
};

const opensmtpdPorts = {
  smtp: { named: '', old: '/ (socket|smtps|port (465|smtps|587|submission))( |$)/!s/^/# /' },
  submission: { named: ' port 587', old: '/ port (587|submission)( |$)/s/^/# /' },
  smtps: { named: ' smtps', old: '/ (smtps|port (465|smtps))( |$)/s/^/# /' },
} as const;

/** Commands for the Exchange Management Shell. */
export const exchange = (...commands: readonly Lines[]): readonly string[] => [
  '# Exchange Management Shell; EX01 stands for your server',
  ...commands.flat(),
];

/** The connector for other servers. */
export const exchangeFrontend = (options: string): string =>
  `Set-ReceiveConnector 'EX01\\Default Frontend EX01' ${options}`;

/** The connector for users. */
export const exchangeClients = (options: string): string =>
  `Set-ReceiveConnector 'EX01\\Client Frontend EX01' ${options}`;
