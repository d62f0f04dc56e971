/** How a change takes effect. */

export const reloadPostfix = 'postfix reload';

export const restartExim = 'update-exim4.conf && systemctl restart exim4  # elsewhere: systemctl restart exim';

export const restartDovecot = 'doveadm reload';

export const rebuildSendmail = 'make -C /etc/mail && systemctl restart sendmail';

export const restartOpensmtpd = 'smtpd -n && systemctl restart opensmtpd  # OpenBSD: rcctl restart smtpd';

/** Where lines of a configuration file go. */
export const eximMain = '# main section of the configuration; Debian: /etc/exim4/exim4.conf.localmacros';

/** A setting of the main section. Exim takes none that is set twice. */
export const eximSetting = (name: string, value: string): readonly string[] => [
  eximMain,
  `sed -i '/^${name} *=/d' /etc/exim4/exim4.conf.localmacros`,
  `${name} = ${value}`,
];

/** Conditions at the head of the ACL for MAIL, which Debian has no macro for: a file of ours, read in there. */
export const eximMailAcl = (name: string, ...lines: readonly string[]): readonly string[] => [
  `# first in the ACL that acl_smtp_mail names; Debian: /etc/exim4/${name}.acl`,
  ...lines,
  `sed -i '/^acl_check_mail:/r /etc/exim4/${name}.acl' /etc/exim4/exim4.conf.template /etc/exim4/conf.d/acl/30_exim4-config_check_mail`,
];

export const sendmailMc = '# /etc/mail/sendmail.mc, above the MAILER lines';
/** The submission port with AUTH as a must: sendmail opens one of its own without it. */
export const sendmailSubmission = [
  "FEATURE(`no_default_msa')dnl",
  "DAEMON_OPTIONS(`Port=submission, Name=MSA, M=Ea')dnl",
];
export const smtpdConf = '# smtpd.conf; OpenBSD: /etc/mail/smtpd.conf; Debian: /etc/smtpd.conf';

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
export const exchangeNames = '# Exchange Management Shell; EX01 stands for your server';
