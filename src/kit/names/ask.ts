import { offers } from '../../model/reply.ts';
import { type Meaning, meaningOf } from '../../mta/reply-meaning.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import { askControl } from '../control.ts';
import type { Wire } from '../probe.ts';
import type { AskedName, NameAnswer, NamesPhase } from './phase.ts';

type Verb = 'VRFY' | 'EXPN';

const stageOf = { VRFY: 'vrfy', EXPN: 'expn' } as const;

/**
 * Asks for names one by one (RFC 2920 §3.1), and inside TLS where the server wants that; no further than an answer that
 * all would get.
 */
export async function askNames(wire: Wire, verb: Verb, names: readonly AskedName[]) {
  const first = await askIn(wire, verb, names, wire.subject.endpoint.tls === 'implicit');
  const last = first.answers.at(-1);
  const wantsTls =
    !first.tls && last !== undefined && meaningOf(last.exchange.reply, { stage: stageOf[verb] }) === 'tls-required';
  return wantsTls ? [first, await askIn(wire, verb, names, true)] : [first];
}

async function askIn(wire: Wire, verb: Verb, names: readonly AskedName[], tls: boolean): Promise<NamesPhase> {
  const answers: NameAnswer[] = [];
  let listed = false;
  try {
    // So much room that VRFY and EXPN share no session when both ask for all: Sendmail slows down from the sixth on.
    await using session = await wire.session({ tls, refusals: 3, mistakes: 1, nonMail: 6 });
    listed = offers(session.ehlo.reply, verb);
    for (const each of names) {
      const answer = { ...each, exchange: await session.say(`${verb} ${each.name}`) };
      answers.push(answer);
      if (isEnough(answer, meaningOf(answer.exchange.reply, { stage: stageOf[verb], recipient: each.name }))) break;
    }
    const control = answers.some((answer) => needsControl(answer, verb)) ? await askControl(session, wire.subject) : [];
    return { tls, listed, answers, ...(control.length > 0 ? { control: [...control] } : {}), cut: null };
  } catch (error) {
    return { tls, listed, answers, cut: troubleOf(error) };
  }
}

/** Refused in words that name neither the command nor the name: they may be those of a session that is rejected. */
function needsControl({ name, exchange: { reply } }: NameAnswer, verb: Verb): boolean {
  const meaning = meaningOf(reply, { stage: stageOf[verb], recipient: name });
  return vague.includes(meaning) && !reply.text.toUpperCase().includes(verb);
}

const vague: readonly Meaning[] = ['refused-permanent', 'refused-transient', 'disabled-command'];

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

function isEnough({ form }: AskedName, meaning: Meaning): boolean {
  // Where a name needs a domain, each further one without is a syntax error.
  const needsDomain = meaning === 'address-syntax' && form === 'local';
  return needsDomain || sayNoMore.includes(meaning) || meaning.startsWith('limit-');
}
