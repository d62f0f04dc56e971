import type { Membership } from '../networks.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible, type Outcome, type RowContext } from '../row.ts';
import { isTold, type Told } from '../shown.ts';
import { figure, toldIn } from '../untold.ts';
import { numberOf } from '../values.ts';
import { clientRates } from './client-rates.ts';
import { connectionCount } from './connection-count.ts';

const limits = [...clientRates, connectionCount];

/** Clients that no limit counts: whether we are one of them shows as soon as a limit should have tripped. */
export const eventExceptions = defineRow({
  directive: 'smtpd_client_event_limit_exceptions',
  probes: limits.map(({ words }) => words.probe),

  compare(value, context) {
    const { us, shown } = context;
    const membership = us.isIn(value);
    const { tripped, passed, isAnySet } = experience(context);
    const counted = tripped === null ? 'no limit counted us' : 'we are counted';
    const evidence = tripped ?? passed;
    if (evidence !== null && membership === 'in' && !(us.isTold && tripped !== null))
      return notTold(`${us.words} is in it: from here its limits tell nothing of others`, counted, evidence);
    if (tripped !== null) return ofCounted(membership, us.words, tripped);
    if (passed !== null)
      return membership === 'everybody'
        ? confirmed(counted, 'everybody is in it, and a limit of the file did not stop us', passed)
        : notTold(
            'no limit that is set has stopped us: it is not in force, or the server leaves us out',
            counted,
            passed,
          );
    if (!isAnySet) return notVisible('the file sets no limit that clients could be left out of');
    const asked = limits.some(({ words }) => isTold(shown.told(words.probe)));
    return notTold(asked ? 'no limit was reached' : 'limits show only when they are tried: it needs --allow load');
  },
});

function ofCounted(membership: Membership, words: string, tripped: Told['evidence']): Outcome {
  const seen = 'we are counted';
  if (membership === 'everybody' || membership === 'in')
    return contradicted(seen, `${words} is in it, and a limit counted us all the same`, tripped);
  if (membership === 'out') return confirmed(seen, `${words} is not in it, and a limit counted us`, tripped);
  return notTold(`whether it holds ${words} cannot be told from the file`, seen, tripped);
}

/** A refusal by one of the limits, else the proof that one of those that are set let more through than it should. */
function experience({ service, shown }: RowContext) {
  const tried = limits.map(({ directive, words }) => {
    const told = toldIn(shown, words.probe);
    return {
      limit: numberOf(service.setting(directive).value ?? ''),
      found: figure(told, 'limit'),
      through: figure(told, words.tried),
      evidence: told?.evidence ?? null,
    };
  });
  const tripped = tried.find(({ found }) => found !== null)?.evidence ?? null;
  const beyond = tried.find(({ limit, through }) => limit !== null && limit > 0 && through !== null && through > limit);
  return { tripped, passed: beyond?.evidence ?? null, isAnySet: tried.some(({ limit }) => limit !== 0) };
}
