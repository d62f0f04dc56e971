import { cite, defineRule, fail, inconclusive, type Meaning, pass } from '../src/kit/index.ts';
import { type Heard, hear, lastRound, untoldName, untoldNames, untoldRound } from '../src/kit/recipients.ts';
import { rcptOracle } from './rcpt-oracle.ts';

export const postmaster = defineRule({
  id: 'postmaster',
  question: 'Are postmaster and abuse reachable?',
  severity: 'low',
  safety: 'active',
  why: 'Postmaster is where others tell you that your server is broken or sends spam. Who cannot write to it blocks instead, and some lists take in domains whose postmaster bounces.',
  judged:
    'RCPT to <postmaster> without a domain, postmaster@ and abuse@ the domain. pass: all are taken. fail: postmaster is refused for good, with or without domain; where only abuse@ is (RFC 2142 asks for it, RFC 5321 does not), the finding is info. inconclusive: put off, or refused for what we are.',
  refs: ['RFC 5321 §4.5.1', 'RFC 2142 §4, §5', 'Postfix alias_maps, virtual_alias_maps'],
  needs: { recipients: rcptOracle },
  applies: ({ role }) =>
    role === 'mx' || 'RFC 5321 §4.5.1 binds servers that take mail from others, not submission ports',

  judge({ recipients: data }) {
    const round = lastRound(data);
    const { bare, postmaster: named, abuse, known } = hear(round);
    // A name of the same domain that is taken shows that it is not the domain that is refused.
    const isOwn = known?.meaning === 'accepted';
    const measured = {
      bare: codeOf(bare),
      postmaster: codeOf(named),
      abuse: codeOf(abuse),
      domain: round.domain,
      vantage: data.vantage,
    };
    const untold = untoldRound(data, measured);
    if (untold !== null) return untold;

    const refused = [named, bare].filter((name) => name !== null && isRefused(name, round.domain, isOwn));
    const [first, second] = refused.filter((name) => name !== null);
    if (first !== undefined) {
      const more = second === undefined ? [] : [cite(second.exchange.reply)];
      const names = [first, second].filter((name) => name !== undefined).map(({ recipient }) => `<${recipient}>`);
      return fail(`it refuses ${names.join(' and ')} (RFC 5321 §4.5.1)`, [cite(first.exchange.reply), ...more], {
        measured,
      });
    }
    if (named === null || bare === null) return untoldNames(round, measured);
    const doubtful = [named, bare].find(({ meaning }) => meaning !== 'accepted');
    if (doubtful !== undefined) return untoldName(doubtful, measured);
    const evidence = [cite(named.exchange.reply), cite(bare.exchange.reply)] as const;
    if (abuse === null || abuse.meaning === 'accepted') {
      const also = abuse === null ? [] : [cite(abuse.exchange.reply)];
      return pass(
        `it takes <postmaster>, ${named.recipient}${abuse === null ? '' : ` and ${abuse.recipient}`}`,
        [...evidence, ...also],
        { measured },
      );
    }
    if (!isRefused(abuse, round.domain, isOwn)) {
      return inconclusive(
        'ambiguous',
        `it takes postmaster; what it says of ${abuse.recipient} is neither yes nor no`,
        [cite(abuse.exchange.reply)],
        { measured },
      );
    }
    return fail(
      `it takes postmaster, and refuses ${abuse.recipient} (RFC 2142 §4)`,
      [cite(abuse.exchange.reply), ...evidence],
      { severity: 'info', measured },
    );
  },
});

/** Refused for good, for the name itself. `relay-denied` at a domain says that the domain is not the server's. */
function isRefused({ meaning, name, exchange }: Heard, domain: string | null, isOwn: boolean): boolean {
  const ofName: Meaning[] = ['unknown-user', 'address-syntax', 'refused-permanent'];
  if (ofName.includes(meaning) || (isOwn && meaning === 'relay-or-unknown')) return (exchange.reply.code ?? 0) >= 500;
  // Without a domain it cannot be the domain that is refused.
  return (
    name === 'bare-postmaster' && domain !== null && (meaning === 'relay-denied' || meaning === 'relay-or-unknown')
  );
}

const codeOf = (name: Heard | null): number | null => name?.exchange.reply.code ?? null;
