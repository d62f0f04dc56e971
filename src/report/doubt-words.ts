import type { Finding } from '../model/report.ts';
import type { Cause, Doubt } from '../model/trouble.ts';

/** What a doubt is called, and the way out of it. */
interface DoubtWords {
  readonly word: string;
  readonly wayOut: string;
}

/** By cause where that has words of its own, else by doubt. */
export const wordsOfDoubt = ({ doubt = 'ambiguous', cause }: Pick<Finding, 'doubt' | 'cause'>): DoubtWords =>
  (cause === undefined ? undefined : causeWords[cause]) ?? doubtWords[doubt];

export const doubtWords: Readonly<Record<Doubt, DoubtWords>> = {
  unreachable: {
    word: 'no connection',
    wayOut: 'see whether the host is up, and whether anything between lets us through to that port',
  },
  timeout: { word: 'no answer in time', wayOut: 'give it longer with --timeout' },
  closed: { word: 'the server hung up', wayOut: '--transcript shows what came before' },
  'tls-failed': { word: 'TLS failed', wayOut: '--transcript shows how far the handshake came' },
  throttled: { word: 'the server limits us', wayOut: 'scan again later, or let it wait with --patience 300' },
  'client-blocked': {
    word: 'our address is blocked',
    wayOut: 'scan from another address, or have this one taken off the block list',
  },
  greylisted: { word: 'greylisting', wayOut: 'scan again in some minutes, or let it wait with --patience 600' },
  'sender-rejected': { word: 'our sender or EHLO name is refused', wayOut: 'give others with --sender and --helo' },
  'budget-spent': {
    word: 'cut short to spare the server',
    wayOut: 'scan again, with fewer questions at a time (--probe)',
  },
  'not-permitted': { word: 'not allowed to ask', wayOut: 'allow it with --allow' },
  prerequisite: { word: 'hangs on another question', wayOut: 'see the question it hangs on' },
  ambiguous: { word: 'can be read two ways', wayOut: '--transcript shows the whole dialogue' },
  'dns-failed': { word: 'DNS did not answer', wayOut: 'ask again, or name another DNS server with --dns' },
};

const causeWords: Readonly<Partial<Record<Cause, DoubtWords>>> = {
  refused: {
    word: 'connection refused',
    wayOut: 'nothing listens on that port there, or a firewall says so: see whether the server is up',
  },
  filtered: {
    word: 'no answer to the connection',
    wayOut:
      'a firewall drops it, there or here: many providers block outgoing port 25 like this; try from another network',
  },
  'no-route': {
    word: 'no way there',
    wayOut: 'the network from here does not lead there: see the address, and whether this host has IPv6',
  },
  'slow-file': {
    word: 'the file comes too slowly',
    wayOut: 'see what its web server waits for: ten seconds are long for a few lines, and not all senders wait longer',
  },
  'many-domains': {
    word: 'more domains than are asked for at once',
    wayOut: 'scan the rest by themselves, twenty at a time',
  },
  stopped: { word: 'the scan was stopped', wayOut: 'let it run to its end' },
  'no-greeting': {
    word: 'no greeting',
    wayOut:
      "the server's own log names the cause: a Postfix ends like this when its smtpd dies at its start (smtpd_sasl_path, smtpd_sasl_security_options that leave no mechanism, a key that cannot be read), and so do TCP wrappers",
  },
  'rejected-session': {
    word: 'the server has rejected us',
    wayOut:
      'scan from another address or under another name (--helo), or see what its milter, access map or block list has against this one',
  },
  'put-off': {
    word: 'the server puts everything off',
    wayOut: 'scan again later; where it stays so, see whether its milter or policy service is up',
  },
  'stand-in': {
    word: 'another program answers first',
    wayOut: 'scan again in some minutes from the same address, or let postscreen know it (postscreen_access_list)',
  },
  pipelining: {
    word: 'PIPELINING is broken',
    wayOut: 'see what stands between: the server lists what it does not keep to',
  },
  'clear-text': { word: 'no TLS where TLS comes first', wayOut: 'ask the port in clear (smtp://host:port)' },
  'tls-first': { word: 'TLS comes first', wayOut: 'ask the port with TLS from the first byte (smtps://host:port)' },
  'certificate-wanted': {
    word: 'a client certificate is wanted',
    wayOut:
      'nobody without one gets further: see whether that is meant (Postfix smtpd_tls_req_ccert, Exim tls_verify_hosts)',
  },
};
