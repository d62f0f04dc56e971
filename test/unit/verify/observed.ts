import type { Observations } from '../../../src/observations.ts';

type OpenRelayData = Observations['open-relay'];

import type { SeenInClear } from '../../../src/kit/auth/seen.ts';
import type { NamesData } from '../../../src/kit/names/phase.ts';
import type { RecipientsData } from '../../../src/kit/recipients/round.ts';
import type { RelayOpening } from '../../../src/kit/relay/phase.ts';
import type { SizeData } from '../../../src/kit/session-limits/size.ts';
import type { Exchange } from '../../../src/model/reply.ts';
import { exchange } from './held.ts';

/** Observations as probes bring them back, whole, with what a test cares about. */

type Opening = Pick<RelayOpening, 'external' | 'mail' | 'rcpt' | 'controls'>;

/** What `open-relay` observed in clear. */
export const openRelayData = (opening: Opening): OpenRelayData => ({
  phases: [
    {
      tls: false,
      openings: [
        { session: 's1', helo: 'scanner', sender: '', odd: null, strict: false, auth: false, cut: null, ...opening },
      ],
      control: null,
      shapes: [],
      answers: [],
      confirmations: [],
      strangers: [],
    },
  ],
  tls: 'not-offered',
  vantage: 'outside',
  submission: false,
  domain: 'example.test',
});

/** What recipients at a domain were told. */
export const recipientsData = (domain: string, texts: readonly string[]): RecipientsData => ({
  rounds: [
    {
      ...{ tls: false, helo: 'scanner', sender: '', domain, auth: false, mail: null, ownSenders: [], cut: null },
      answers: texts.map((text) => ({
        name: 'random',
        recipient: `a@${domain}`,
        exchange: exchange('RCPT', text),
      })),
    },
  ],
  role: 'mx',
  vantage: 'outside',
  domainGiven: true,
});

/** What VRFY was told. */
export const namesData = (text: string): NamesData => ({
  phases: [
    {
      tls: false,
      listed: true,
      answers: [{ who: 'random', form: 'address', name: 'x', exchange: exchange('VRFY x', text) }],
      cut: null,
    },
  ],
});

/** What MAIL with a size was told. */
export const sizeData = (text: string): SizeData => ({
  ...{ ehlo: null, announced: 'nothing', sender: '', tls: false, cut: null },
  trials: [{ size: 1, exchange: exchange('MAIL', text) }],
});

/** What AUTH PLAIN was told, and the EHLO before it; in clear, or inside TLS. */
export function authData(tls: boolean, ehlo: Exchange, answer: string): SeenInClear {
  const trials = [{ mechanism: 'PLAIN', exchange: exchange('AUTH PLAIN', answer), challenge: null, cancel: null }];
  return { kind: 'asked', role: 'mx', phase: { tls, ehlo, trials, spared: [], cut: null } };
}
