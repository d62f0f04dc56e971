export const strict = `# Everything that can be asked for today, of every port. Old peers and old mail programs are left behind.
name: strict

mechanisms:
  mx:
    beforeTls: {forbidden: ['*']}
    insideTls: {forbidden: ['*']}
  submission: &users
    beforeTls: {forbidden: ['*']}
    insideTls: {forbidden: [ANONYMOUS, CRAM-MD5, DIGEST-MD5, NTLM]}
  submissions: *users

tls:
  # RFC 9325 §3.1: nothing below 1.2, and 1.3 wherever it can be had.
  mx: &modern {floor: TLSv1.2, speaks: [TLSv1.3]}
  submission: *modern
  submissions: *modern

# Half of what the default lets pass; measured with --allow load only.
ceilings:
  connection-rate: 60
  connection-count: 20
  message-rate: 60
  recipient-rate: 100
  auth-rate: 15
  tls-session-rate: 60

severities:
  # Whoever offers these has been told for years.
  auth-weak: high
  auth-on-mx: medium
  auth-state: medium
  starttls-trailing: medium
  # Mail for nobody, and nobody to complain to.
  backscatter: medium
  postmaster: medium
  # A limit that is not there is a finding, not a hint.
  connection-rate: medium
  message-rate: medium
  recipient-rate: medium
  tls-session-rate: medium
  error-limit: medium
  idle-timeout: medium
  command-deadline: medium
  recipients-per-message: medium

# No answer is no good answer.
mustTell:
  - hello
  - starttls-works
  - open-relay
  - submission-auth
  - vrfy
  - auth-before-tls
  - auth-after-tls
  - auth-anonymous
  - tls-required
  - tls-certificate
  - tls-version
`;
