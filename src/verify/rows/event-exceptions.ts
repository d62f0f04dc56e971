import { confirmed, contradicted, defineRow, notTold, notVisible, quoted, type RowContext } from '../row.ts';
import { figure } from '../untold.ts';
import { numberOf } from '../values.ts';
import { clientRates } from './client-rates.ts';
import { connectionCount } from './connection-count.ts';

const limits = [...clientRates, connectionCount];

/** Clients that no limit counts: whether we are one of them shows as soon as a limit should have tripped. */
export const eventExceptions = defineRow({
  directive: 'smtpd_client_event_limit_exceptions',
  probes: limits.map(({ words }) => words.probe),

  compare(value, context) {
    const { standing } = context;
    const membership = standing.isIn(value);
    const { tripped, passed, isAnySet } = experience(context);
    if (tripped !== null) {
      const seen = 'we are counted';
      if (membership === 'in' && standing.isSure)
        return contradicted(seen, `${standing.words} is in it, and a limit counted us all the same`, tripped);
      if (membership === 'out')
        return confirmed(seen, `${standing.words} is not in it, and a limit counted us`, tripped);
      return notTold(`whether it holds ${standing.words} cannot be told from the file`, seen, tripped);
    }
    if (passed !== null) {
      const seen = 'no limit counted us';
      if (membership === 'in' && standing.isSure)
        return confirmed(seen, `${standing.words} is in it, and a limit of the file did not stop us`, passed);
      return notTold(
        'no limit that is set has stopped us: it is not in force, or the server leaves us out',
        seen,
        passed,
      );
    }
    if (!isAnySet) return notVisible('the file sets no limit that clients could be left out of');
    const asked = limits.some(({ words }) => context.seen.finding(words.probe)?.measured !== undefined);
    return notTold(asked ? 'no limit was reached' : 'limits show only when they are tried: it needs --allow load');
  },
});

/** A refusal by one of the limits, else the proof that one of those that are set let more through than it should. */
function experience({ service, seen }: RowContext) {
  const tried = limits.map(({ directive, words }) => {
    const finding = seen.finding(words.probe);
    return {
      limit: numberOf(service.setting(directive).value ?? ''),
      found: figure(finding, 'limit'),
      through: figure(finding, words.tried),
      evidence: quoted(finding?.evidence ?? []),
    };
  });
  const tripped = tried.find(({ found }) => found !== null)?.evidence ?? null;
  const beyond = tried.find(({ limit, through }) => limit !== null && limit > 0 && through !== null && through > limit);
  return { tripped, passed: beyond?.evidence ?? null, isAnySet: tried.some(({ limit }) => limit !== 0) };
}
