import type { Doubt } from '../model/trouble.ts';
import type { Meaning } from './reply-meaning.ts';

const doubts: Partial<Record<Meaning, Doubt>> = {
  'client-blocked': 'client-blocked',
  'open-proxy': 'client-blocked',
  'helo-rejected': 'sender-rejected',
  'sender-rejected': 'sender-rejected',
  'our-domain': 'sender-rejected',
  greylisted: 'greylisted',
  'idle-timeout': 'timeout',
  'tls-required': 'prerequisite',
  'auth-required': 'prerequisite',
  'certificate-required': 'prerequisite',
  'shutting-down': 'closed',
  unavailable: 'closed',
};

/** The doubt that a reply leaves which is no answer to the question. */
export function doubtOf(meaning: Meaning): Doubt {
  return meaning.startsWith('limit-') ? 'throttled' : (doubts[meaning] ?? 'ambiguous');
}

const words: Partial<Record<Meaning, string>> = {
  'client-blocked': 'it refuses this client, whatever is asked (see what its reply says of our address)',
  'open-proxy': 'it takes our address for an open proxy: scan from another one',
  'helo-rejected': 'it refuses our HELO name: give a FQDN that resolves with --helo',
  'sender-rejected': 'it refuses our sender: give one that it takes with --sender',
  'our-domain': 'it refuses the domain of our sender: give one that resolves and takes mail with --sender',
  unroutable:
    'it looks outside recipients up before it says anything of relaying: give one that exists with --external',
  greylisted: 'it defers everything for now (greylisting): scan again in ten minutes from the same address',
  'server-error': 'something failed on the server',
  'backend-down': 'it cannot reach the server behind it',
  'shutting-down': 'it is shutting down: scan again when it is up',
  unavailable: 'it puts us off without a reason: its log has one',
  'proxy-expected': 'it waits for the PROXY line of a load balancer: scan the address of that one',
  'certificate-required': 'it wants a client certificate',
  'not-smtp': 'it knows neither EHLO nor HELO: what listens there is no SMTP server (LMTP and FTP answer like this)',
  'line-too-long': 'a command of ours is too long for it',
  'idle-timeout': 'it did not wait for us',
  'tls-required': 'it wants TLS first',
  'auth-required': 'it wants AUTH first',
  unintelligible: 'the reply is no SMTP reply',
};

/** Half a sentence on such a reply, and the way out; null where its meaning has none. */
export function reasonOf(meaning: Meaning): string | null {
  return meaning.startsWith('limit-') ? 'a limiter answered' : (words[meaning] ?? null);
}

/** The same, whatever its meaning. */
export const explain = (meaning: Meaning): string => reasonOf(meaning) ?? 'the reply is neither a yes nor a clear no';
