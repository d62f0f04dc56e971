import { cite } from '../../model/reply.ts';
import { type Relaying, relayingOf, trustOf } from '../relaying.ts';
import { type Decision, decide, refusalOf } from '../restrictions.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible, type Outcome, type RowContext } from '../row.ts';
import { numberOf } from '../values.ts';
import { clientRefusal } from './client-restrictions.ts';

type Refused = Extract<Relaying, { kind: 'refused' }>;

const lists = ['smtpd_relay_restrictions', 'smtpd_recipient_restrictions'] as const;

const restrictions = (directive: (typeof lists)[number]) =>
  defineRow({
    directive,
    probes: ['open-relay'],

    compare(value, context) {
      const mine = decisionOf(value, context);
      const other = lists.find((list) => list !== directive) ?? directive;
      const theirs = decisionOf(context.service.setting(other).value ?? '', context);
      const relaying = relayingOf(context);
      if (relaying.kind === 'untold') return relaying.outcome;
      const sides = { mine, theirs, other };
      return relaying.kind === 'accepted' ? ofAccepted(relaying, sides, value) : ofRefused(relaying, sides, context);
    },
  });

/** Who may send where: both lists must let a recipient pass. */
export const relayRestrictions = lists.map(restrictions);

interface Sides {
  readonly mine: Decision;
  readonly theirs: Decision;
  readonly other: string;
}

const inDoubt = ({ doubts }: Decision): string =>
  `${doubts.join(', ')} may decide otherwise, and what it says is not in the file`;

function ofAccepted(
  { words, evidence }: Extract<Relaying, { kind: 'accepted' }>,
  { mine, theirs, other }: Sides,
  value: string,
): Outcome {
  if (mine.kind !== 'permit' && mine.doubts.length > 0) return notTold(inDoubt(mine), words, evidence);
  if (mine.kind === 'permit' && mine.doubts.length > 0 && theirs.kind !== 'deny')
    return notTold(inDoubt(mine), words, evidence);
  if (mine.kind === 'deny') {
    const trusted = /permit_mynetworks/i.test(value)
      ? ', or the server takes us for one of mynetworks: a proxy or NAT in front?'
      : '';
    return contradicted(words, `${mine.by} should refuse it: other restrictions are in force${trusted}`, evidence);
  }
  if (theirs.kind === 'deny') return notVisible(`it lets this pass; ${other} should refuse it`, words, evidence);
  return confirmed(words, `${mine.by ?? 'no word of it'} ${mine.by === null ? 'refuses' : 'permits'} it`, evidence);
}

function ofRefused({ reply, evidence }: Refused, { mine, theirs, other }: Sides, context: RowContext): Outcome {
  const { quote } = cite(reply);
  const codes = codesOf(context);
  const fits = ({ by, kind }: Decision) => kind === 'deny' && refusalOf(by, codes).test(quote);
  if (clientRefusal.test(quote))
    return notVisible('clients are refused before it is looked at (smtpd_client_restrictions)', quote, evidence);
  if (fits(mine)) return confirmed(quote, `the words of ${mine.by}`, evidence);
  if (fits(theirs) && mine.kind !== 'permit') return notVisible(`${other} refuses it`, quote, evidence);
  if (!anyRefusal.test(quote)) return notTold('it is refused for another reason', quote, evidence);
  const doubtful = [mine, theirs].find(({ doubts }) => doubts.length > 0);
  if (doubtful !== undefined || !context.us.isSure)
    return notTold(
      doubtful === undefined
        ? `whether the server takes us for one of mynetworks is not known: say --vantage outside or trusted`
        : inDoubt(doubtful),
      quote,
      evidence,
    );
  if (mine.kind === 'deny')
    return contradicted(quote, `${mine.by} has other words: another list is in force`, evidence);
  if (theirs.kind === 'deny') return notVisible(`it refuses nothing here; ${other} does`, quote, evidence);
  if (mine.by === null && theirs.by !== null)
    return notVisible(`it decides nothing here; ${other} does`, quote, evidence);
  return contradicted(quote, `${mine.by ?? 'the list'} should let it pass`, evidence);
}

const anyRefusal = /Relay access denied|(Recipient|Sender) address rejected: (Access denied|Try again later)/;

const decisionOf = (value: string, context: RowContext): Decision => decide(value, trustOf(context));

function codesOf({ service }: RowContext) {
  const code = (parameter: string) => numberOf(service.setting(parameter).value ?? '') ?? 554;
  return { relay: code('relay_domains_reject_code'), reject: code('reject_code') };
}
