import type { Handed } from '../../src/kit/proof/hand-in.ts';
import type { RoundTrip } from '../../src/kit/proof/round-trip.ts';
import { exchange } from '../unit/kit/replies.ts';

/** A message that got as far as its end, and the answer to that. */
export const handed = (end: string): Handed => ({
  mail: exchange('MAIL FROM:<a@b>', '250 2.1.0 Ok'),
  rcpt: exchange('RCPT TO:<alice@example.test>', '250 2.1.5 Ok'),
  data: exchange('DATA', '354 go on'),
  end: exchange('(a message)', end),
  cut: null,
});

/** One that was refused at RCPT. */
export const refusedAtRcpt = (reply: string): Handed => ({
  ...handed(reply),
  rcpt: exchange('RCPT TO:<alice@example.test>', reply),
  data: null,
  end: null,
});

const received =
  'from probe (unknown [192.0.2.1]) (using TLSv1.3 with cipher X) by mx.example.test (Postfix) id 4XyZ12';

/** One that arrived. */
export const trip = {
  inbox: 'imaps://alice@mail.example.test:993/INBOX',
  recipient: 'alice@example.test',
  handed: handed('250 2.0.0 Ok: queued as 4XyZ12'),
  arrived: {
    arrival: {
      ...{ at: '2026-01-01T00:00:00.000Z', peer: null, helo: null, sender: 'a@b', recipient: null, tls: null },
      received: [received],
      authentication: ['mx.example.test; spf=pass'],
    },
    octets: {},
    seconds: 1.5,
    at: { session: 's1', event: 9, quote: `Received: ${received}` },
  },
  unreadable: null,
  waitedSeconds: 1.5,
  vantage: 'outside',
} as const satisfies RoundTrip;
