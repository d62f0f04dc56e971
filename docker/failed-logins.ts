/**
 * The lines of a server's log (`RunningServer.logs`) that count as failed logins: what fail2ban's own filters for these
 * servers act on (`filter.d/{postfix,dovecot,exim,sendmail-auth,courier-smtp}.conf`; it has none for OpenSMTPD). As
 * there, Postfix's lines about a mechanism that does not exist and about a Dovecot that is gone are none.
 */
export function failedLogins(log: string): readonly string[] {
  return log.split('\n').filter((line) => marks.some((mark) => mark.test(line)));
}

const marks: readonly RegExp[] = [
  /SASL \S+ authentication failed:(?! Invalid authentication mechanism| no mechanism available| Connection lost to authentication server)/, // Postfix
  /auth failed, \d+ attempts|\(\S*,[\d.]+(?:,\S*)?\): (?:unknown user|invalid credentials|password mismatch)/i, // Dovecot, the latter with auth_verbose
  /authenticator failed for .*: 535 Incorrect authentication data/, // Exim
  /AUTH failure \([^)]+\):/, // Sendmail
  /msg="535 Authentication failed\.",cmd:/, // Courier
  /smtp authentication .*result=permfail/, // OpenSMTPD
];
