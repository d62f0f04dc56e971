/**
 * Why nobody could tell more from where the scan stands, and of which servers that is so. What is not in here a person
 * could tell.
 */
export const untellable: readonly { readonly because: string; readonly scenarios: readonly string[] }[] = [
  {
    because: 'this client, its name or its sender is refused, whatever it asks: others may be answered otherwise',
    scenarios: [
      ...['client-blocked', 'client-blocked-early', 'listed-by-a-dnsbl', 'exim-dnsbl-at-connect'],
      ...['milter-rejects-connection', 'milter-rejects-helo', 'milter-rejects-sender', 'helo-refused'],
      ...['helo-refused-at-rcpt', 'senders-refused', 'sendmail-connect-reject', 'sendmail-delay-checks'],
      'sendmail-delay-checks-friend',
    ],
  },
  {
    because: 'a port that is closed to all who are not logged in uses the words of a block list',
    scenarios: ['clients-refused'],
  },
  {
    because: 'it puts strangers off for now: who comes back later hears more',
    scenarios: ['greylisting', 'greylisting-first', 'milter-is-down'],
  },
  {
    because: 'a limiter speaks in the place of the server: who waits an hour hears more',
    scenarios: ['limits-bite', 'tls-limiter'],
  },
  {
    because:
      'nobody answers, or no further than the connection: a filter, a server that is down and one that ends at once look alike',
    scenarios: [
      ...['down', 'loopback-only', 'silent', 'hangs-up', 'dovecot-missing'],
      ...['sasl-path-wrong', 'sasl-options-leave-nothing', 'dovecot-out-of-reach'],
    ],
  },
  {
    because:
      'no dialogue gets inside TLS: what would be said there is not said to anybody without a certificate, a suite or a key that fits',
    scenarios: [
      'anonymous-suites',
      'behind-spampd',
      'exim-wants-client-certificates',
      'tls-wrong-key',
      'tls-handshake-fails',
      'submission-without-tls',
    ],
  },
  {
    because:
      'the target names another protocol than the port speaks: the finding says what to ask instead, and that is another target',
    scenarios: ['clear-text-on-465', 'tls-first-on-25', 'tls-first-on-587', 'awaits-proxy-line'],
  },
  {
    because: 'the answer fits two servers, one that relays and one that does not; its own files or log tell',
    scenarios: [
      'exim-relays-and-routes-nothing',
      'routing-untold',
      'trusts-us',
      'qpsmtpd-default',
      'qpsmtpd-tls-and-auth',
    ],
  },
  {
    because:
      'which names are its own, and who may log in, is for its owner to say: all that it refuses, it refuses alike',
    scenarios: ['not-its-domain', 'tls-not-required', 'auth-disabled'],
  },
  {
    because: 'whoever checks passwords is gone: what it would say of them nobody hears',
    scenarios: ['dovecot-stopped'],
  },
  {
    because: 'it takes mail for whatever domain and whatever user: no answer tells its own from others',
    scenarios: ['exim-open', 'aiosmtpd-sink', 'qpsmtpd-open'],
  },
];
