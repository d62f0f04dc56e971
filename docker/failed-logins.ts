/**
 * The lines of a server's log (`RunningServer.logs`) that count as failed logins: what the administrator's fail2ban acts on.
 * Its filter for Postfix leaves out a mechanism that does not exist and a lost connection to Dovecot; so does this.
 */
export function failedLogins(log: string): readonly string[] {
  return log.split('\n').filter((line) => marks.some((mark) => mark.test(line)));
}

const marks: readonly RegExp[] = [
  /SASL \S+ authentication failed:(?! Invalid authentication mechanism| no mechanism available| Connection lost)/, // Postfix
  /auth(-worker)?: .*(password mismatch|unknown user)/i, // Dovecot, with auth_verbose
  /authenticator failed for/, // Exim
  /authentication .*result=permfail/, // OpenSMTPD
  /AUTH failure/, // Sendmail
  /LOGIN FAILED|authentication error/i, // Courier
];
