import { cite } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import { challengeOf, cramHost, digestRealms } from './challenge.ts';
import { ntlmFacts, ntlmLines } from './ntlm.ts';
import type { MechanismTrial } from './trial.ts';
import type { AuthPhase } from './trials.ts';

/** What challenges tell of the inside, and where. */
export interface Disclosures {
  readonly ntlm: readonly string[];
  readonly realms: readonly string[];
  readonly cramHosts: readonly string[];
  readonly at: readonly Cite[];
}

/** What the challenges of some phases tell, all together. */
export function disclosuresOf(phases: readonly Pick<AuthPhase, 'trials'>[]): Disclosures {
  const told = phases.flatMap(({ trials }) => trials.map(disclosedBy));
  return {
    ntlm: told.find(({ ntlm }) => ntlm.length > 0)?.ntlm ?? [],
    realms: [...new Set(told.flatMap(({ realms }) => realms))],
    cramHosts: told.flatMap(({ cramHosts }) => cramHosts),
    at: told.flatMap(({ at }) => at),
  };
}

const nothing: Disclosures = { ntlm: [], realms: [], cramHosts: [], at: [] };

function disclosedBy({ mechanism, exchange, challenge }: MechanismTrial): Disclosures {
  const { reply } = challenge ?? exchange;
  const data = reply.code === 334 ? challengeOf(reply) : null;
  const read = data === null ? undefined : readers[mechanism];
  const told = data === null || read === undefined ? null : read(data);
  return told === null ? nothing : { ...nothing, ...told, at: [cite(reply)] };
}

/** By mechanism; null where the challenge is not what it should be. */
const readers: Readonly<Record<string, (challenge: string) => Partial<Disclosures> | null>> = {
  NTLM: (challenge) => {
    const facts = ntlmFacts(challenge);
    return facts === null ? null : { ntlm: ntlmLines(facts) };
  },
  'DIGEST-MD5': (challenge) => ({ realms: digestRealms(challenge) }),
  'CRAM-MD5': (challenge) => {
    const host = cramHost(challenge);
    return host === null ? null : { cramHosts: [host] };
  },
};
