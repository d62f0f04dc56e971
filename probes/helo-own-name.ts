import { deed, deedShape, meaningOfDeed, replyTo } from '../src/kit/deed.ts';
import {
  type Cite,
  cite,
  defineProbe,
  doubtOf,
  explain,
  fail,
  hindered,
  inconclusive,
  inWords,
  isPermanent,
  isPositive,
  isServerTrouble,
  meaningOf,
  pass,
  type Shaped,
  seenFrom,
  type Trouble,
  trouble,
  vantage,
  vantages,
  type Wire,
  type Zod,
} from '../src/kit/index.ts';
import { strangersOf } from '../src/kit/senders.ts';
import { hello } from './hello.ts';

const names = ['ours', 'own', 'localhost', 'loopback', 'bare'] as const;

const triedShape = (z: Zod) =>
  z.object({
    /** Whose name it is; `ours` is the control. */
    whose: z.enum(names),
    name: z.string(),
    sender: z.string(),
    /** EHLO, MAIL and RCPT, as far as they were taken. */
    answers: z.array(deedShape(z)),
  });
type Tried = Shaped<typeof triedShape>;

const data = (z: Zod) =>
  z.object({
    tls: z.boolean(),
    /** One of its own; null where none is known. */
    recipient: z.string().nullable(),
    /** Named by the user, and not postmaster. */
    isNamed: z.boolean(),
    tried: z.array(triedShape(z)),
    vantage: z.enum(vantages),
  });
type Data = Shaped<typeof data>;

export const heloOwnName = defineProbe({
  id: 'helo-own-name',
  question: 'Does it believe its own name from a stranger?',
  severity: 'low',
  weighs:
    'Low: no other host is called like the server, so nobody honest is refused; but spam that says its name has mostly other faults too. Info where a bare word alone is taken, which badly set up servers say in good faith.',
  safety: 'intrusive',
  why: 'Spam programs introduce themselves by the name of the server that they talk to, as localhost or as 127.0.0.1, and hope for a rule that trusts it. No other mail server has that name: to refuse it costs nothing.',
  judged:
    "EHLO, MAIL and RCPT to a user of its own, never DATA, each in a session of its own: first by our own name, as control, then by the server's, by localhost, by [127.0.0.1] and by a bare word. fail: one of the first three is taken as ours is (low), or the bare word alone (info). pass: all are refused, at whichever command, and ours is not. inconclusive: ours is refused too, greylisting, limiters, and a vantage that it may trust.",
  refs: [
    'RFC 5321 §4.1.1.1, §4.1.4',
    'Postfix smtpd_helo_restrictions, reject_non_fqdn_helo_hostname',
    'Sendmail FEATURE(block_bad_helo)',
  ],
  cost: { connections: 5, commands: 15 },
  needs: { hello },
  applies: ({ role }) => role === 'mx' || 'mail programs of users may call themselves anything, and log in (RFC 6409)',
  data,

  async observe(wire, { hello: seen }) {
    const { recipient: named, domain, endpoint } = wire.subject;
    const recipient = named ?? (domain === null ? null : `postmaster@${domain}`);
    const plain = { recipient, isNamed: named !== null, vantage: vantage(wire.subject, seen) };
    if (recipient === null) return { ...plain, tls: seen.tls, tried: [] };
    const own =
      seen.serverName ?? (/[a-z]/i.test(endpoint.host) && !endpoint.host.includes(':') ? endpoint.host : null);
    const verb = seen.ehlo.command.startsWith('HELO') ? 'HELO' : 'EHLO';
    const asking = { verb, recipient, own } as const;
    const clear = await askAll(wire, { ...asking, tls: seen.tls });
    const wantsTls =
      !seen.tls &&
      clear.at(-1)?.answers.some((one) => meaningOfDeed(one, { stage: 'mail' }) === 'tls-required') === true;
    return wantsTls
      ? { ...plain, tls: true, tried: await askAll(wire, { ...asking, tls: true }) }
      : { ...plain, tls: seen.tls, tried: clear };
  },

  judge({ tried, recipient, isNamed, tls, vantage: from }) {
    if (recipient === null)
      return inconclusive('prerequisite', 'no recipient of its own is known: name one with --recipient or --domain');
    const told = tried.map((one) => ({ ...one, outcome: outcomeOf(one, recipient) }));
    const control = told.findLast(({ whose }) => whose === 'ours');
    const those = (kind: Outcome['kind']) =>
      told.filter(({ whose, outcome }) => whose !== 'ours' && outcome.kind === kind);
    const [taken, refused] = [those('taken'), those('refused')];
    const measured = {
      taken: taken.map(({ name }) => name),
      refused: refused.map(({ name }) => name),
      recipient,
      tls,
      vantage: from,
    };
    if (control === undefined) return inconclusive('ambiguous', 'nothing was asked', [], { measured });
    if (control.outcome.kind !== 'taken') {
      const met = control.outcome.trouble;
      return hindered(met, { because: `under our own name, too: ${met.because}`, measured });
    }
    const taking = control.outcome.at;
    const [first] = taken;
    if (first?.outcome.kind === 'taken') {
      const caveat = isNamed
        ? ''
        : '; many servers exempt postmaster from their checks, so name a mailbox with --recipient';
      const because = `a stranger who calls himself ${inWords(measured.taken)} is let in as we are${caveat}${seenFrom(from)}`;
      const evidence = [first.outcome.at, taking] as const;
      if (from !== 'outside') return inconclusive('ambiguous', because, evidence, { measured });
      const isOwn = taken.some(({ whose }) => whose !== 'bare');
      return fail(because, evidence, {
        measured,
        severity: isOwn ? 'low' : 'info',
        headline: isOwn
          ? 'Strangers may call themselves by names that are its own'
          : 'Clients may call themselves by a word that is no host name',
      });
    }
    const doubtful = those('untold')[0];
    if (doubtful?.outcome.kind === 'untold') {
      const { trouble: met } = doubtful.outcome;
      return hindered(met, {
        because: `${doubtful.name}: ${met.because}`,
        evidence: [...met.evidence, taking],
        measured,
      });
    }
    const quotes = refused.flatMap(({ outcome }) => (outcome.kind === 'refused' ? outcome.trouble.evidence : []));
    const [quote, ...more] = quotes;
    return quote === undefined
      ? inconclusive('ambiguous', 'no name of its own was asked', [taking], { measured })
      : pass(`it refuses ${inWords(measured.refused)}, and takes our own name`, [quote, ...more, taking], { measured });
  },
});

/** A refusal is what it would be as trouble, too: of the control, it is. */
type Outcome =
  | { readonly kind: 'taken'; readonly at: Cite }
  | { readonly kind: 'refused' | 'untold'; readonly trouble: Trouble };

const stages = ['helo', 'mail', 'rcpt'] as const;

/** The control is taken from the same sender to the same recipient: a refusal for good is about the name. */
function outcomeOf({ name, sender, answers }: Tried, recipient: string): Outcome {
  const last = answers.at(-1);
  const reply = last === undefined ? null : replyTo(last);
  if (last === undefined || reply === null)
    return { kind: 'untold', trouble: last?.cut ?? trouble('ambiguous', 'unknown', 'it did not answer') };
  if (answers.length === stages.length && isPositive(reply) && last.exchange !== null)
    return { kind: 'taken', at: cite(reply) };
  const stage = stages[answers.length - 1] ?? 'rcpt';
  const meaning = meaningOf(reply, { stage, helo: name, sender, ...(stage === 'rcpt' ? { recipient } : {}) });
  const met = trouble(doubtOf(meaning), 'reply', explain(meaning), [cite(reply)], { reply });
  const isFirm = isPermanent(reply) && doubtOf(meaning) !== 'throttled' && !isServerTrouble(meaning);
  return { kind: isFirm || meaning === 'helo-rejected' ? 'refused' : 'untold', trouble: met };
}

interface Asking {
  readonly verb: 'EHLO' | 'HELO';
  readonly recipient: string;
  readonly own: string | null;
  readonly tls: boolean;
}

/** By our own name until a sender is taken; then by the others. */
async function askAll(wire: Wire, asking: Asking): Promise<Data['tried']> {
  const { subject } = wire;
  const tried: Tried[] = [];
  for (const sender of strangersOf(subject)) {
    const control = await tryName(wire, asking, { whose: 'ours', name: subject.helo, sender });
    tried.push(control);
    const isOfMail = control.answers.length === 2;
    if (!isOfMail) break;
  }
  const control = tried.at(-1);
  const last = control?.answers.at(-1)?.exchange?.reply;
  if (control?.answers.length !== stages.length || last === undefined || !isPositive(last)) return tried;
  const others = [
    ...(asking.own === null ? [] : [{ whose: 'own', name: asking.own } as const]),
    { whose: 'localhost', name: 'localhost' } as const,
    { whose: 'loopback', name: '[127.0.0.1]' } as const,
    { whose: 'bare', name: 'mxprobe' } as const,
  ];
  for (const other of others) tried.push(await tryName(wire, asking, { ...other, sender: control.sender }));
  return tried;
}

async function tryName(
  wire: Wire,
  { verb, recipient, tls }: Asking,
  { whose, name, sender }: Pick<Tried, 'whose' | 'name' | 'sender'>,
): Promise<Tried> {
  const startsTls = tls && wire.subject.endpoint.tls === 'starttls';
  await using session = await wire.apart(startsTls ? { until: 'introduced', tls } : { until: 'greeted' });
  const answers: Tried['answers'][number][] = [];
  for (const command of [`${verb} ${name}`, `MAIL FROM:<${sender}>`, `RCPT TO:<${recipient}>`]) {
    const answer = await deed(session, command);
    answers.push(answer);
    if (answer.exchange === null || !isPositive(answer.exchange.reply)) break;
  }
  return { whose, name, sender, answers };
}
