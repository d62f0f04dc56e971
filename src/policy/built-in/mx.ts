export const mx = `# A server that takes mail for its domains from the whole world, on port 25.
name: mx

# Whoever has mail for you must be able to connect. A port that refuses is a finding here, not a doubt.
ports:
  25: open

mechanisms:
  mx:
    # Other servers have no password here; what logs in on port 25 is guessing (RFC 6409 §4.3).
    beforeTls:
      forbidden: ['*']
    insideTls:
      forbidden: ['*']

tls:
  mx:
    # TLS between servers is opportunistic (RFC 7435): whoever has nothing newer than TLS 1.0 would send in clear if it were refused.
    floor: TLSv1
    # Those that insist on TLS (MTA-STS, DANE) speak 1.2 at least (RFC 8461 §3.2).
    speaks: [TLSv1.2]

severities:
  # The one port that cannot be closed should not be one to guess passwords on.
  auth-on-mx: medium
  # Mail for names that do not exist is bounced to senders who never sent it: that is how an MX gets on block lists.
  backscatter: medium
  # RFC 5321 §4.5.1 wants postmaster reachable wherever mail is taken.
  postmaster: medium

# An MX of which this cannot be said is not known to be safe.
mustTell: [open-relay]
`;
