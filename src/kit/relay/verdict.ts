import { inWords } from '../../model/in-words.ts';
import { fail, inconclusive, type Judgement, type Measured, pass } from '../../model/judgement.ts';
import { cite, isPositive } from '../../model/reply.ts';
import type { Doubt } from '../../model/trouble.ts';
import { type Meaning, meaningOf } from '../../mta/reply-meaning.ts';
import { reservedDomains } from '../subject.ts';
import type { Told, Untested } from './form-outcome.ts';
import { isPlain } from './forms.ts';
import { keyedOn, keyWords } from './keyed-on.ts';
import type { RelayData } from './observed.ts';
import type { RelayPhase } from './phase.ts';

type Some<Kind> = readonly [Told<Kind>, ...Told<Kind>[]];

/** Mail for outside was taken: a relay, unless the server may trust us here, or may be the host of that domain. */
export function judgeAccepted(
  data: RelayData,
  accepted: Some<'accepted'>,
  refused: readonly Told<'refused'>[],
  measured: Measured,
): Judgement {
  const [worst, ...others] = accepted;
  const evidence = [worst.evidence[0], ...others.slice(0, 3).map(({ evidence: [first] }) => first)] as const;
  const asked = data.phases.reduce((sum, { shapes }) => sum + shapes.length, 0);
  const forms = others.length === 0 ? `the form ${worst.id}` : `${accepted.length} of ${asked} forms (${worst.id}, …)`;
  const because = `it accepts mail for outside in ${forms}`;
  const domains = [...new Set(accepted.map(({ id }) => domainIn(id)))];
  const plainRefused = refused.find(isPlain);
  const some = domains.includes(null)
    ? ''
    : `: for ${inWords(domains.filter((one) => one !== null))}, and not for others`;
  if (data.vantage !== 'outside' && plainRefused === undefined)
    return inconclusive('ambiguous', `${because}, ${trustedHere[data.vantage]}`, evidence, { measured });
  if (some !== '' && !domains.some((domain) => reserved.includes(domain))) {
    const unless = `${because}${some}: a relay for some domains, unless it is the host of that one: give a recipient elsewhere with --external`;
    return inconclusive('ambiguous', unless, evidence, { measured });
  }
  const all = acceptsEverything(data);
  const key = keyedOn(accepted, refused);
  const words = key === null ? mixed : keyWords[key];
  const sink = all ? '; it accepts everything, as a mail sink would too: relay-proof with --sink tells' : '';
  return fail(`${because}${some === '' ? '' : `${some}: a relay for some domains`}${sink}`, evidence, {
    measured: { ...measured, acceptsEverything: all, keyedOn: key },
    headline: words.headline,
    ...(all ? { likely: sinkWords } : 'likely' in words ? { likely: words.likely } : {}),
  });
}

const mixed = { headline: 'Strangers can send mail through this server in several ways' };
const sinkWords =
  'it takes whatever it is told, as a relay for everybody or a mail sink does: relay-proof with --sink tells which';

const reserved: readonly (string | null)[] = reservedDomains;

/** The domain in the id of a form that goes to another outside recipient than the others. */
const domainIn = (id: string): string | null => />plain@(.+)$/.exec(id)?.[1] ?? null;

const alike =
  'where every plain form is taken, a relay and a server that trusts us look alike: scan from outside, or say --vantage outside if it does not trust us';
const trustedHere: Readonly<Record<Exclude<RelayData['vantage'], 'outside'>, string>> = {
  trusted: 'from a vantage that you called trusted',
  loopback: `from a loopback address; ${alike}`,
  private: `from a private address; ${alike}`,
  'same-network': `from its own network; ${alike}`,
};

/** Takes unknown users of its own as well, and refuses nothing but what it cannot parse. */
function acceptsEverything({ phases }: RelayData): boolean {
  const strangers = phases.flatMap((phase) => phase.strangers);
  return (
    strangers.length > 0 &&
    strangers.every(({ exchange }) => isPositive(exchange.reply)) &&
    !phases.some(refusesAnything)
  );
}

const unparsed: readonly Meaning[] = ['accepted', 'address-syntax', 'command-syntax'];

function refusesAnything({ answers }: RelayPhase): boolean {
  return answers.some(
    ({ rcpt, sender, recipient }) =>
      rcpt !== null && !unparsed.includes(meaningOf(rcpt.reply, { stage: 'rcpt', sender, recipient })),
  );
}

/** Its own recipient was told what the outside one was told. */
export function judgeSameAnswer({ phases }: RelayData, measured: Measured): Judgement {
  const last = phases[0]?.openings.at(-1);
  const because =
    'it gives its own recipient the same answer as the outside one: name a domain of its own with --domain or a mailbox with --recipient';
  const quoted = [last?.rcpt ?? null, last?.controls[0]?.exchange ?? null].filter((exchange) => exchange !== null);
  return inconclusive(
    'ambiguous',
    because,
    quoted.map(({ reply }) => cite(reply)),
    { measured },
  );
}

/** Nothing was taken, and nothing is left open. `tlsFirst`: in clear nobody may send at all. */
export function judgeRefused(
  data: RelayData,
  refused: Some<'refused'>,
  tlsFirst: boolean,
  measured: Measured,
): Judgement {
  const [first, ...more] = refused;
  const inside = more.find(({ id }) => id.startsWith('tls:'));
  const taken = data.phases
    .flatMap(({ openings }) => openings.at(-1)?.controls ?? [])
    .find(({ exchange }) => isPositive(exchange.reply));
  const control = taken === undefined ? [] : [cite(taken.exchange.reply)];
  const evidence = [first.evidence[0], ...(inside?.evidence ?? []), ...control] as const;
  const clear = tlsFirst ? ' (in clear it takes no mail at all)' : '';
  const lost =
    data.oneByOne === true
      ? '; asked one by one, for it lists PIPELINING and loses commands or replies of a group'
      : '';
  const because = `it refuses all ${refused.length} ways of asking it to take mail for outside${clear}${lost}`;
  return pass(because, evidence, { measured });
}

/** The doubt that explains most comes last. */
const weights: readonly Doubt[] = [
  'ambiguous',
  'tls-failed',
  'closed',
  'timeout',
  'budget-spent',
  'throttled',
  'greylisted',
  'sender-rejected',
  'client-blocked',
];

/** Of what could not be told, what explains most. */
export function weightiest(untold: readonly Untested[]): Untested | undefined {
  const weight = ({ trouble }: Untested) => weights.indexOf(trouble.doubt);
  return untold.toSorted((a, b) => weight(b) - weight(a))[0];
}
