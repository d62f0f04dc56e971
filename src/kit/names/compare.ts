import { fail, inconclusive, type Judgement, type Measured, pass } from '../../model/judgement.ts';
import { cite } from '../../model/reply.ts';
import type { Doubt } from '../../model/trouble.ts';
import type { Meaning } from '../../mta/reply-meaning.ts';
import { doubtOf, explain } from '../../mta/unanswered.ts';
import { nameThem } from '../recipients/untold.ts';
import type { HeardName } from './hear.ts';

/**
 * What VRFY tells of known and random names in one form; null where the form is refused as such and another one may
 * tell.
 */
export function compareNames(heard: readonly HeardName[], measured: Measured): Judgement | null {
  const known = heard.find(({ who }) => who === 'known');
  const random = heard.find(({ who }) => who === 'random');
  if (known === undefined) return random === undefined ? null : ofRandomAlone(random, measured);
  if (known.says === 'other') return ofOther(known, measured);
  if (known.meaning === 'disabled-command' || known.meaning === 'auth-required')
    return pass(silence(known), cite(known.exchange.reply), { measured });
  return random === undefined ? null : ofBoth(known, random, measured);
}

function ofBoth(known: HeardName, random: HeardName, measured: Measured): Judgement | null {
  const evidence = [cite(known.exchange.reply), cite(random.exchange.reply)] as const;
  const codes = `${known.exchange.reply.code} to ${known.name}, ${random.exchange.reply.code} to a random name`;
  if (known.says === 'no') {
    if (known.meaning === random.meaning && known.meaning !== 'unknown-user')
      return pass(`known and random names are refused alike (${codes})`, evidence, { measured });
    const because = `it does not know ${known.name} (${codes}): name a mailbox that exists with --recipient`;
    return inconclusive('prerequisite', because, evidence, { measured });
  }
  if (random.says === 'other' && random.meaning !== 'relay-denied') return ofOther(random, measured);
  if (known.exchange.reply.code === random.exchange.reply.code)
    return pass(`known and random names are answered alike (${codes})`, evidence, { measured });
  return fail(`VRFY tells users from strangers: ${codes}`, evidence, { measured, headline });
}

function ofRandomAlone(random: HeardName, measured: Measured): Judgement | null {
  const at = cite(random.exchange.reply);
  if (random.says === 'yes') return pass(`it says yes to a random name (${random.name})`, at, { measured });
  if (random.says === 'unsaid') return pass(silence(random), at, { measured });
  if (random.meaning === 'unknown-user') {
    const because = `VRFY says that ${random.name} does not exist, so it knows users from strangers (no known mailbox was at hand to show the other side: --recipient)`;
    return fail(because, at, { measured, headline });
  }
  if (random.says === 'other') return ofOther(random, measured);
  const because = 'a random name is refused in words that need not mean the name: name a mailbox with --recipient';
  return inconclusive('prerequisite', because, [at], { measured });
}

const headline = 'VRFY tells anybody which users exist';

function silence({ meaning, name }: HeardName): string {
  if (meaning === 'disabled-command') return 'VRFY is unknown or disabled';
  return meaning === 'auth-required' ? 'VRFY tells nothing without AUTH' : `VRFY does not say whether ${name} exists`;
}

function ofOther({ meaning, exchange, name, form }: HeardName, measured: Measured): Judgement | null {
  const at = [cite(exchange.reply)];
  if (form === 'local' && (meaning === 'address-syntax' || meaning === 'relay-denied')) return null;
  const because = meaning === 'relay-denied' ? `${name} is not at a domain of its own: ${nameThem}` : explain(meaning);
  return inconclusive(doubtOfName(meaning), because, at, { measured });
}

const doubtOfName = (meaning: Meaning): Doubt =>
  meaning === 'relay-denied' || meaning === 'address-syntax' ? 'prerequisite' : doubtOf(meaning);
