import { postfix } from './postfix.ts';
import type { LimitScenario } from './scenario.ts';

type Given = Pick<LimitScenario, 'id' | 'sentence' | 'says' | 'windowSeconds' | 'scan'> & {
  readonly rules: readonly string[];
};

/**
 * Postfix without limits of its own, and a packet filter in front of it: what is one too many never gets a word of
 * SMTP.
 */
const filtered = ({ rules, windowSeconds, says, ...given }: Given): LimitScenario => ({
  ...postfix({ ...given, config: { 'run:filter': rules.map(asCommand).join(' && ') } }),
  filtersPackets: true,
  windowSeconds,
  maxEvents: 30,
  says,
});

const asCommand = (rule: string): string => `iptables -A INPUT -p tcp --syn --dport 25 ${rule}`;

const reset = '-j REJECT --reject-with tcp-reset';

export const packetFilterScenarios: readonly LimitScenario[] = [
  filtered({
    id: 'filter-connection-count',
    sentence: 'A packet filter resets the seventh connection of a client.',
    rules: [`-m connlimit --connlimit-above 6 ${reset}`],
    windowSeconds: 10,
    says: {
      'connection-count': ['pass', { limit: 6, kind: 'concurrency' }],
      'connection-rate': ['fail', { limit: null, tried: 30 }],
    },
  }),
  filtered({
    id: 'filter-connection-rate',
    sentence: 'A packet filter takes five connections of a client in nine seconds, and forgets each of them by itself.',
    rules: [`-m recent --name smtp --rcheck --seconds 9 --hitcount 5 ${reset}`, '-m recent --name smtp --set'],
    windowSeconds: 12,
    says: { 'connection-rate': ['pass', { limit: 5, kind: 'sliding-window' }] },
  }),
  filtered({
    id: 'filter-bucket',
    sentence: 'A packet filter drops what is more than five connections, and forgives one every two seconds.',
    rules: [
      '-m hashlimit --hashlimit-name smtp --hashlimit-mode srcip --hashlimit-above 30/min --hashlimit-burst 5 -j DROP',
    ],
    windowSeconds: 7,
    scan: { timeoutSeconds: 15 },
    says: { 'connection-rate': ['inconclusive(throttled)', { limit: null }] },
  }),
];
