import { inWords } from '../../model/in-words.ts';
import { offers } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import { isYes } from '../../postfix/values.ts';
import { authOf, hiddenFrom } from '../auth.ts';
import { clearEhlo } from '../ehlo.ts';
import { confirmed, contradicted, defineRow, notTold, type Outcome, quoted, type RowContext } from '../row.ts';
import { untold } from '../untold.ts';

/** AUTH in EHLO, or in the answer to the command. */
export const authEnable = defineRow({
  directive: 'smtpd_sasl_auth_enable',
  probes: ['auth-before-tls', 'auth-after-tls', 'starttls-works', 'hello'],

  compare(value, context) {
    const seen = authOf(context.shown);
    const sides = [seen.inside, seen.clear].filter((side) => side !== null);
    const there = sides.find(({ mechanisms, works }) => mechanisms.length > 0 || works.length > 0);
    if (there !== undefined) return ofOffer(value, there);
    const evidence = quoted([...sides.flatMap(({ refused }) => refused.slice(0, 1)), ...sides.map(({ at }) => at)]);
    return evidence === null
      ? untold(context.shown, 'hello', 'nobody answered EHLO')
      : ofNone(value, context, seen, evidence);
  },
});

type Seen = ReturnType<typeof authOf>;

function ofOffer(value: string, { mechanisms, at, works }: NonNullable<Seen['clear']>): Outcome {
  const isListed = mechanisms.length > 0;
  const seen = isListed ? `AUTH ${mechanisms.join(' ')}` : 'AUTH works, and is not listed';
  const evidence = isListed ? at : (quoted(works) ?? at);
  return isYes(value)
    ? confirmed(seen, 'AUTH is offered', evidence)
    : contradicted(seen, 'the file has no AUTH here', evidence);
}

function ofNone(
  value: string,
  context: RowContext,
  { clear, inside }: Seen,
  evidence: readonly [Cite, ...Cite[]],
): Outcome {
  const where = inWords([...(clear === null ? [] : ['in clear']), ...(inside === null ? [] : ['inside TLS'])]);
  const seen = `no AUTH ${where}`;
  const ehlo = clearEhlo(context.shown);
  const isWhole = inside !== null || (ehlo !== null && !offers(ehlo, 'STARTTLS'));
  if (!isYes(value) && isWhole) return confirmed(seen, 'AUTH is not offered', evidence);
  if (inside === null) return notTold('TLS was not looked into, where AUTH may be', seen, evidence);
  const hidden = hiddenFrom(context);
  if (hidden !== null) return notTold(hidden, seen, evidence);
  return contradicted(seen, 'the file has AUTH here', evidence);
}
