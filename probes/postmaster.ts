import {
  cite,
  defineRule,
  fail,
  inconclusive,
  isPermanent,
  type Judgement,
  type Meaning,
  type Measured,
  pass,
} from '../src/kit/index.ts';
import { type Heard, type HeardNames, hear } from '../src/kit/recipients/hear.ts';
import { lastRound } from '../src/kit/recipients/round.ts';
import { untoldName, untoldNames, untoldRound } from '../src/kit/recipients/untold.ts';
import { rcptOracle } from './rcpt-oracle.ts';

export const postmaster = defineRule({
  id: 'postmaster',
  question: 'Are postmaster and abuse reachable?',
  severity: 'low',
  weighs:
    'Low: RFC 5321 wants postmaster, and nobody is broken into for want of it. info for abuse, which is good manners.',
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
    const heard = hear(round);
    const { bare, postmaster: named, abuse, known } = heard;
    const measured = {
      bare: codeOf(bare),
      postmaster: codeOf(named),
      abuse: codeOf(abuse),
      domain: round.domain,
      vantage: data.vantage,
    };
    const untold = untoldRound(data, measured);
    if (untold !== null) return untold;
    // A name of the same domain that is taken shows that it is not the domain that is refused.
    const isOwn = known?.meaning === 'accepted';
    const refused = [
      ...(named !== null && refusesName(named, isOwn) ? [named] : []),
      ...(bare !== null && refusesBare(bare, isOwn, round.domain) ? [bare] : []),
    ];
    const [first, ...more] = refused;
    if (first !== undefined) {
      const names = refused.map(({ recipient }) => `<${recipient}>`).join(' and ');
      const evidence = [cite(first.exchange.reply), ...more.map(({ exchange }) => cite(exchange.reply))] as const;
      return fail(`it refuses ${names} (RFC 5321 §4.5.1)`, evidence, {
        measured,
        headline: `Mail to ${names} is refused`,
      });
    }
    if (named === null || bare === null) return untoldNames(round, measured);
    const doubtful = [named, bare].find(({ meaning }) => meaning !== 'accepted');
    if (doubtful !== undefined) return untoldName(doubtful, measured);
    return ofAbuse({ named, bare, abuse }, isOwn, measured);
  },
});

/** Postmaster is taken: what is said of abuse@. */
function ofAbuse(
  { named, bare, abuse }: { readonly named: Heard; readonly bare: Heard; readonly abuse: HeardNames['abuse'] },
  isOwn: boolean,
  measured: Measured,
): Judgement {
  const evidence = [cite(named.exchange.reply), cite(bare.exchange.reply)] as const;
  if (abuse === null) return pass(`it takes <postmaster> and ${named.recipient}`, evidence, { measured });
  const ofAbuse = cite(abuse.exchange.reply);
  if (abuse.meaning === 'accepted') {
    const because = `it takes <postmaster>, ${named.recipient} and ${abuse.recipient}`;
    return pass(because, [...evidence, ofAbuse], { measured });
  }
  if (!refusesName(abuse, isOwn)) {
    const because = `it takes postmaster; what it says of ${abuse.recipient} is neither yes nor no`;
    return inconclusive('ambiguous', because, [ofAbuse], { measured });
  }
  const because = `it takes postmaster, and refuses ${abuse.recipient} (RFC 2142 §4)`;
  return fail(because, [ofAbuse, ...evidence], {
    severity: 'info',
    measured,
    headline: `Mail to ${abuse.recipient} is refused`,
  });
}

const ofName: readonly Meaning[] = ['unknown-user', 'address-syntax', 'refused-permanent'];
const ofDomain: readonly Meaning[] = ['relay-denied', 'relay-or-unknown'];

/** Refused for good, for the name itself. `relay-denied` at a domain says that the domain is not the server's. */
function refusesName({ meaning, exchange }: Heard, isOwn: boolean): boolean {
  return isPermanent(exchange.reply) && (ofName.includes(meaning) || (isOwn && meaning === 'relay-or-unknown'));
}

/** Without a domain it cannot be the domain that is refused. */
function refusesBare(bare: Heard, isOwn: boolean, domain: string | null): boolean {
  return refusesName(bare, isOwn) || (domain !== null && ofDomain.includes(bare.meaning));
}

const codeOf = (name: Heard | null): number | null => name?.exchange.reply.code ?? null;
