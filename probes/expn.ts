import {
  cite,
  defineProbe,
  doubtOf,
  explain,
  fail,
  hindered,
  inconclusive,
  type Judgement,
  type Meaning,
  type Measured,
  pass,
  randomLocalPart,
} from '../src/kit/index.ts';
import { askNames } from '../src/kit/names/ask.ts';
import { type HeardName, hearNames } from '../src/kit/names/hear.ts';
import { type AskedName, namesShape } from '../src/kit/names/phase.ts';
import { hello } from './hello.ts';

export const expn = defineProbe({
  id: 'expn',
  question: 'Does EXPN open lists or names?',
  severity: 'medium',
  weighs: 'Medium: it gives away members of lists and where mail is forwarded to, which nothing else does.',
  safety: 'active',
  why: 'EXPN gives out who is behind an alias or a list: names, accounts and forwarding addresses, all with one command.',
  judged:
    'EXPN for root, postmaster, the mailbox named with --recipient and a random name, whether EHLO lists EXPN or not; again inside TLS where the server wants that. fail: a 2xx that the random name does not get, or one that says more. pass: unknown or disabled (500, 502, 550 or 252 in such words), or all names answered alike.',
  refs: ['RFC 5321 §3.5, §7.3', 'Sendmail PrivacyOptions noexpn, goaway', 'Exim acl_smtp_expn'],
  cost: { connections: 1, commands: 4 },
  // Nothing of it is read: but where nobody greets, one connection is enough.
  needs: { hello },

  data: namesShape,

  async observe(wire) {
    const { recipient } = wire.subject;
    const known: AskedName[] =
      recipient === null ? [] : [{ who: 'known', form: 'local', name: recipient.slice(0, recipient.lastIndexOf('@')) }];
    const names: AskedName[] = [
      { who: 'root', form: 'local', name: 'root' },
      { who: 'random', form: 'local', name: randomLocalPart() },
      ...known,
      { who: 'postmaster', form: 'local', name: 'postmaster' },
    ];
    return { phases: await askNames(wire, 'EXPN', names) };
  },

  judge(data) {
    const { heard, measured, untold, cut } = hearNames(data, 'expn');
    if (untold !== null) return untold;
    const random = heard.find(({ who }) => who === 'random');
    const others = heard.filter(({ who }) => who !== 'random');
    const told = random === undefined ? undefined : others.find((other) => saysMore(other, random));
    if (random !== undefined && told !== undefined) return opened(told, random, measured);
    const odd = heard.find(({ says }) => says === 'other');
    if (odd !== undefined)
      return inconclusive(doubtOf(odd.meaning), explain(odd.meaning), [cite(odd.exchange.reply)], { measured });
    const silent = heard.find(({ meaning }) => silence[meaning] !== undefined);
    if (silent !== undefined) return pass(silence[silent.meaning] ?? '', cite(silent.exchange.reply), { measured });
    const [first, ...more] = heard;
    if (first === undefined || random === undefined || others.length === 0)
      return cut === null
        ? inconclusive('ambiguous', 'no two names were answered', [], { measured })
        : hindered(cut, { measured });
    const names = others.map(({ name }) => name).join(', ');
    return pass(
      `${names} and a random name are answered alike`,
      [cite(first.exchange.reply), ...more.slice(0, 1).map(({ exchange }) => cite(exchange.reply))],
      { measured },
    );
  },
});

const silence: Partial<Record<Meaning, string>> = {
  'disabled-command': 'EXPN is unknown or disabled',
  'auth-required': 'EXPN tells nothing without AUTH',
};

function opened(told: HeardName, random: HeardName, measured: Measured): Judgement {
  const what = told.says === 'yes' ? `EXPN tells what is behind ${told.name}` : 'EXPN tells users from strangers';
  const codes = `${told.exchange.reply.code}; a random name: ${random.exchange.reply.code}`;
  return fail(`${what} (${codes})`, [cite(told.exchange.reply), cite(random.exchange.reply)], {
    measured,
    headline: 'EXPN tells anybody who is behind an address',
  });
}

/** A 2xx that the random name does not get, or does not get in these words. */
function saysMore(other: HeardName, random: HeardName): boolean {
  const code = other.exchange.reply.code ?? 0;
  if (code < 200 || code > 299 || other.meaning === 'disabled-command') return false;
  if (random.says === 'no') return true;
  return other.says === 'yes' && random.says !== 'other' && wordsFor(other) !== wordsFor(random);
}

/** The reply without the name that was asked for. */
const wordsFor = ({ name, exchange }: HeardName): string =>
  exchange.reply.text.toLowerCase().replaceAll(name.toLowerCase(), '…');
