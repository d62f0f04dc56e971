/** How a change takes effect. */

export const reloadPostfix = 'postfix reload';

export const restartExim = 'update-exim4.conf && systemctl restart exim4  # elsewhere: systemctl restart exim';

export const restartDovecot = 'doveadm reload';

export const rebuildSendmail = 'make -C /etc/mail && systemctl restart sendmail';

export const restartOpensmtpd = 'smtpd -n && rcctl restart smtpd  # Linux: systemctl restart opensmtpd';

/** Where lines of a configuration file go. */
export const eximMain = '# main section of the configuration; Debian: /etc/exim4/exim4.conf.localmacros';
export const sendmailMc = '# /etc/mail/sendmail.mc, above the MAILER lines';
/** The submission port with AUTH as a must: sendmail opens one of its own without it. */
export const sendmailSubmission = [
  "FEATURE(`no_default_msa')dnl",
  "DAEMON_OPTIONS(`Port=submission, Name=MSA, M=Ea')dnl",
];
export const smtpdConf = '# smtpd.conf (OpenBSD: /etc/mail/smtpd.conf; Debian: /etc/smtpd.conf)';
export const exchangeNames = '# Exchange Management Shell; EX01 stands for your server';
