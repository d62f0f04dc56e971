export const submission = `# Ports 587 and 465, where users hand in their mail: TLS first, then a login, then mail (RFC 6409, RFC 8314).
name: submission

mechanisms:
  submission: &users
    # No password crosses in clear, and no login begins there (RFC 8314 §3.3).
    beforeTls:
      forbidden: ['*']
    # Guessed offline, relayed, or nobody at all: inside TLS, PLAIN is the better choice (RFC 6331, RFC 8314 §3).
    insideTls:
      forbidden: [ANONYMOUS, CRAM-MD5, DIGEST-MD5, NTLM]
  submissions: *users

tls:
  # Passwords cross here, and every mail program of the last ten years speaks TLS 1.2, the least that RFC 8997 allows.
  submission:
    floor: TLSv1.2
    speaks: [TLSv1.2]
  submissions:
    floor: TLSv1.2
    speaks: [TLSv1.2]

# Measured with --allow load only. A user types no faster; a stolen password sends as much as it may.
ceilings:
  auth-rate: 20
  message-rate: 60
  recipient-rate: 200
  connection-count: 20

severities:
  auth-weak: medium

# The three that keep strangers out, and passwords in.
mustTell: [submission-auth, auth-before-tls, tls-required]
`;
