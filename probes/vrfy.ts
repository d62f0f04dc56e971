import {
  cite,
  type Doubt,
  defineProbe,
  type Exchange,
  fail,
  inconclusive,
  type Judgement,
  type Meaning,
  type Measured,
  meaningOf,
  offers,
  pass,
  randomLocalPart,
  type Trouble,
  troubleOf,
  type Wire,
} from '../src/kit/index.ts';
import { doubtOf, explain, nameThem } from '../src/kit/recipients.ts';
import { hello } from './hello.ts';

/** A name to ask for, with or without its domain. `known`: of the mailbox that the user named. */
export interface AskedName {
  readonly who: 'known' | 'random' | 'root' | 'postmaster';
  readonly form: 'address' | 'local';
  readonly name: string;
}

/** All that was asked in clear, or all inside TLS. */
export interface NamesPhase {
  readonly tls: boolean;
  /** Whether EHLO lists the command; it may work all the same. */
  readonly listed: boolean;
  readonly answers: readonly (AskedName & { readonly exchange: Exchange })[];
  readonly cut: Trouble | null;
}

export interface NamesData {
  /** The last one is the one to judge. */
  readonly phases: readonly NamesPhase[];
}

export const vrfy = defineProbe({
  id: 'vrfy',
  question: 'Does VRFY tell users from strangers?',
  severity: 'medium',
  safety: 'active',
  why: 'VRFY was made to look up users. Today it serves those who gather addresses and names of accounts to guess passwords for, one command a name and without a trace in most mail logs.',
  judged:
    'VRFY for the mailbox named with --recipient and for random names, each as address and as local part, whether EHLO lists VRFY or not; again inside TLS where the server wants that. fail: known and random names are answered differently (Postfix: 252 against 550), or, without a known mailbox, a random name is called unknown. pass: disabled (502, 500, or a 252 that says so), or all names answered alike. inconclusive: the domain is not its own, or the mailbox unknown.',
  refs: [
    'RFC 5321 §3.5, §7.3',
    'Postfix disable_vrfy_command',
    'Sendmail PrivacyOptions novrfy, goaway',
    'Exim acl_smtp_vrfy',
  ],
  cost: { connections: 1, commands: 4 },
  // Nothing of it is read: but where nobody greets, one connection is enough.
  needs: { hello },

  async observe(wire): Promise<NamesData> {
    const { recipient, domain } = wire.subject;
    const at = recipient === null ? (domain === null ? '' : `@${domain}`) : recipient.slice(recipient.lastIndexOf('@'));
    const names: AskedName[] = [
      { who: 'known', form: 'address', name: recipient ?? '' },
      { who: 'random', form: 'address', name: at === '' ? '' : `${randomLocalPart()}${at}` },
      { who: 'random', form: 'local', name: randomLocalPart() },
      { who: 'known', form: 'local', name: recipient?.slice(0, recipient.lastIndexOf('@')) ?? '' },
    ];
    return {
      phases: await askNames(
        wire,
        'VRFY',
        names.filter(({ name }) => name !== ''),
      ),
    };
  },

  judge(data) {
    const { heard, measured, untold } = hearNames(data, 'vrfy');
    if (untold !== null) return untold;
    const results = (['address', 'local'] as const).flatMap((form) =>
      compare(
        heard.filter((answer) => answer.form === form),
        measured,
      ),
    );
    const fails = results.filter(({ verdict }) => verdict === 'fail');
    const doubts = results.filter(({ verdict }) => verdict === 'inconclusive');
    return (
      fails[0] ?? doubts[0] ?? results[0] ?? inconclusive('ambiguous', 'no name could be asked for', [], { measured })
    );
  },
});

/** Asks for names one by one (RFC 2920 §3.1), and inside TLS where the server wants that; no further than an answer that all would get. */
export async function askNames(wire: Wire, verb: 'VRFY' | 'EXPN', names: readonly AskedName[]): Promise<NamesPhase[]> {
  const first = await askIn(wire, verb, names, wire.subject.endpoint.tls === 'implicit');
  const last = first.answers.at(-1);
  const wantsTls =
    !first.tls && last !== undefined && meaningOf(last.exchange.reply, { stage: stageOf[verb] }) === 'tls-required';
  return wantsTls ? [first, await askIn(wire, verb, names, true)] : [first];
}

const stageOf = { VRFY: 'vrfy', EXPN: 'expn' } as const;

async function askIn(
  wire: Wire,
  verb: 'VRFY' | 'EXPN',
  names: readonly AskedName[],
  tls: boolean,
): Promise<NamesPhase> {
  const answers: (AskedName & { exchange: Exchange })[] = [];
  let listed = false;
  try {
    // So much room that VRFY and EXPN share no session when both ask for all: Sendmail slows down from the sixth on.
    await using session = await wire.session({ tls, refusals: 3, mistakes: 1, nonMail: 6 });
    listed = offers(session.ehlo.reply, verb);
    for (const each of names) {
      const exchange = await session.say(`${verb} ${each.name}`);
      answers.push({ ...each, exchange });
      const meaning = meaningOf(exchange.reply, { stage: stageOf[verb], recipient: each.name });
      // Where a name needs a domain, each further one without is a syntax error.
      const needsDomain = meaning === 'address-syntax' && each.form === 'local';
      if (needsDomain || sayNoMore.includes(meaning) || meaning.startsWith('limit-')) break;
    }
    return { tls, listed, answers, cut: null };
  } catch (error) {
    return { tls, listed, answers, cut: troubleOf(error) };
  }
}

/** Answers to the command, or to us, that no other name would change. */
const sayNoMore: readonly Meaning[] = [
  'disabled-command',
  'tls-required',
  'auth-required',
  'client-blocked',
  'helo-rejected',
  'bad-sequence',
  'unintelligible',
  'out-of-sync',
  'idle-timeout',
];

/** What was heard, the figures on it, and why nothing can be said of names where that is so. */
export function hearNames({ phases }: NamesData, stage: 'vrfy' | 'expn') {
  const phase = phases.at(-1);
  if (phase === undefined) throw new Error('there is no phase');
  const heard = phase.answers.map((answer): HeardName => {
    const meaning = meaningOf(answer.exchange.reply, { stage, recipient: answer.name });
    return { ...answer, meaning, says: sayingOf(meaning) };
  });
  const linesOf = (random: boolean) =>
    heard.filter(({ who }) => (who === 'random') === random).map(({ exchange }) => exchange.reply.lines[0].text);
  const measured = {
    tried: heard.map(({ name }) => name),
    known: linesOf(false),
    unknown: linesOf(true),
    advertised: phases.some(({ listed }) => listed),
    tls: phase.tls,
  };
  const before = phases
    .slice(0, -1)
    .flatMap(({ answers }) => answers.slice(-1).map(({ exchange }) => cite(exchange.reply)));
  const { cut } = phase;
  const untold =
    heard.length > 0
      ? null
      : inconclusive(
          cut?.doubt ?? 'ambiguous',
          cut?.because ?? 'nothing was answered',
          [...before, ...(cut?.evidence ?? [])],
          { measured },
        );
  return { heard, measured, untold, cut };
}

export type HeardName = AskedName & {
  readonly exchange: Exchange;
  readonly meaning: Meaning;
  readonly says: 'yes' | 'unsaid' | 'no' | 'other';
};

/** `unsaid`: 252, or no answer to anybody. `other`: it speaks of us, of the moment, of the domain or of the form. */
function sayingOf(meaning: Meaning): HeardName['says'] {
  if (meaning === 'accepted') return 'yes';
  if (meaning === 'noncommittal' || meaning === 'disabled-command' || meaning === 'auth-required') return 'unsaid';
  return meaning === 'unknown-user' || meaning === 'refused-permanent' || meaning === 'relay-or-unknown'
    ? 'no'
    : 'other';
}

/** Known and random name in one form. No result where the form is refused as such and another one may tell. */
function compare(heard: readonly HeardName[], measured: Measured): Judgement[] {
  const known = heard.find(({ who }) => who === 'known');
  const random = heard.find(({ who }) => who === 'random');
  if (known === undefined) return random === undefined ? [] : ofRandomAlone(random, measured);
  const first = cite(known.exchange.reply);
  if (known.says === 'other') return ofOther(known, measured);
  if (known.meaning === 'disabled-command' || known.meaning === 'auth-required')
    return [pass(silence(known), first, { measured })];
  if (random === undefined) return [];
  const evidence = [first, cite(random.exchange.reply)] as const;
  const codes = `${known.exchange.reply.code} to ${known.name}, ${random.exchange.reply.code} to a random name`;
  if (known.says === 'no') {
    if (known.meaning === random.meaning && known.meaning !== 'unknown-user')
      return [pass(`known and random names are refused alike (${codes})`, evidence, { measured })];
    return [
      inconclusive(
        'prerequisite',
        `it does not know ${known.name} (${codes}): name a mailbox that exists with --recipient`,
        evidence,
        { measured },
      ),
    ];
  }
  if (random.says === 'other' && random.meaning !== 'relay-denied') return ofOther(random, measured);
  if (known.exchange.reply.code === random.exchange.reply.code)
    return [pass(`known and random names are answered alike (${codes})`, evidence, { measured })];
  return [fail(`VRFY tells users from strangers: ${codes}`, evidence, { measured })];
}

function ofRandomAlone(random: HeardName, measured: Measured): Judgement[] {
  const at = cite(random.exchange.reply);
  if (random.says === 'yes') return [pass(`it says yes to a random name (${random.name})`, at, { measured })];
  if (random.says === 'unsaid') return [pass(silence(random), at, { measured })];
  if (random.meaning === 'unknown-user') {
    return [
      fail(
        `VRFY says that ${random.name} does not exist, so it knows users from strangers (no known mailbox was at hand to show the other side: --recipient)`,
        at,
        { measured },
      ),
    ];
  }
  if (random.says === 'no')
    return [
      inconclusive(
        'prerequisite',
        'a random name is refused in words that need not mean the name: name a mailbox with --recipient',
        [at],
        { measured },
      ),
    ];
  return ofOther(random, measured);
}

function silence({ meaning, name }: HeardName): string {
  if (meaning === 'disabled-command') return 'VRFY is unknown or disabled';
  return meaning === 'auth-required' ? 'VRFY tells nothing without AUTH' : `VRFY does not say whether ${name} exists`;
}

function ofOther({ meaning, exchange, name, form }: HeardName, measured: Measured): Judgement[] {
  const at = [cite(exchange.reply)];
  if (form === 'local' && (meaning === 'address-syntax' || meaning === 'relay-denied')) return [];
  if (meaning === 'relay-denied')
    return [inconclusive('prerequisite', `${name} is not at a domain of its own: ${nameThem}`, at, { measured })];
  return [inconclusive(doubtOfName(meaning), explain(meaning), at, { measured })];
}

const doubtOfName = (meaning: Meaning): Doubt => (meaning === 'address-syntax' ? 'prerequisite' : doubtOf(meaning));
