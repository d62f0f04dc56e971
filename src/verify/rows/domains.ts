import { inWords } from '../../model/in-words.ts';
import { cite, isPositive, type Reply } from '../../model/reply.ts';
import { domainParameters, type Holds, holds, namesIn } from '../domain-list.ts';
import { relayingOf } from '../relaying.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible, type Outcome, type RowContext } from '../row.ts';
import { untold } from '../untold.ts';

type Parameter = 'mydestination' | 'relay_domains';

const domains = (directive: Parameter) =>
  defineRow({
    directive,
    probes: ['rcpt-oracle', 'open-relay'],

    compare(value, context) {
      const asked = askedFor(context);
      if ('verdict' in asked) return asked;
      const { domain } = asked;
      const mine = holds(directive, domain, context);
      const others = domainParameters
        .filter((parameter) => parameter !== directive)
        .map((parameter) => ({ parameter, holds: holds(parameter, domain, context) }));
      const before = others.slice(0, domainParameters.indexOf(directive));
      if (mine === 'unknown')
        return notTold('its domains stand in a table, which is not read', seenAs(asked), [cite(asked.reply)]);
      return mine === 'in' ? ofMember(asked, directive, before) : ofOther(asked, directive, value, others);
    },
  });

/** Domains whose mail is taken from anybody. One of them is asked for: the one that the scan names recipients at. */
export const domainRows = [domains('mydestination'), domains('relay_domains')];

interface RecipientAsked {
  readonly domain: string;
  readonly reply: Reply;
  /** `local`, `relay`: by the table in which a name is unknown. `taken`: by which, does not show. */
  readonly as: 'local' | 'relay' | 'virtual' | 'taken' | 'denied';
}

const tables = [
  [/User unknown in local recipient table/i, 'local'],
  [/User unknown in relay recipient table/i, 'relay'],
  [/User unknown in virtual (alias|mailbox) table/i, 'virtual'],
  [/Relay access denied/i, 'denied'],
] as const;

/** What recipients at a domain were told, or why that says nothing. */
function askedFor(context: RowContext): RecipientAsked | Outcome {
  const { shown } = context;
  const round = shown.observed('rcpt-oracle')?.rounds.at(-1);
  const replies = (round?.answers ?? [])
    .filter(({ recipient }) => recipient.includes('@'))
    .map(({ exchange }) => exchange.reply);
  const [first] = replies;
  if (round === undefined || first === undefined || round.domain === null)
    return untold(shown, 'rcpt-oracle', 'no recipient was answered');
  const domain = round.domain.toLowerCase();
  for (const [words, as] of tables) {
    const reply = replies.find(({ text }) => words.test(text));
    if (reply !== undefined) return { domain, reply, as };
  }
  const taken = replies.find(isPositive);
  if (taken === undefined)
    return notVisible('what recipients are told says nothing of their domain', first.lines[0].text, [cite(first)]);
  if (relayingOf(context).kind !== 'refused')
    return notTold(
      'whether mail for other domains is refused is not known: that it takes this one says nothing',
      `${domain} is taken`,
      [cite(taken)],
    );
  return { domain, reply: taken, as: 'taken' };
}

const asWords: Readonly<Record<RecipientAsked['as'], string>> = {
  local: 'is its own',
  relay: 'is relayed for',
  virtual: 'is a virtual domain',
  taken: 'is taken',
  denied: 'is refused',
};

const seenAs = ({ domain, as }: RecipientAsked): string => `${domain} ${asWords[as]}`;
const classOf = (directive: Parameter) => (directive === 'mydestination' ? 'local' : 'relay');

interface Other {
  readonly parameter: string;
  readonly holds: Holds;
}

/** `before`: lists that Postfix looks at first. */
function ofMember(asked: RecipientAsked, directive: Parameter, before: readonly Other[]): Outcome {
  const { domain, reply, as } = asked;
  const at = cite(reply);
  const first = before.find((other) => other.holds === 'in');
  if (first !== undefined)
    return notVisible(`${domain} is in ${first.parameter} too, and Postfix looks there first`, seenAs(asked), [at]);
  if (as === classOf(directive) || as === 'taken')
    return confirmed(seenAs(asked), `recipients at ${domain} are answered as those of ${directive}`, at);
  const table = before.find((other) => other.holds === 'unknown');
  return table === undefined || as === 'denied'
    ? contradicted(seenAs(asked), `${domain} is in the file`, at)
    : notTold(`${domain} may be in ${table.parameter} too, which is not read`, seenAs(asked), [at]);
}

function ofOther(asked: RecipientAsked, directive: Parameter, value: string, others: readonly Other[]): Outcome {
  const { domain, reply, as } = asked;
  const at = cite(reply);
  const elsewhere = others.find((other) => other.holds === 'in') ?? others.find((other) => other.holds === 'unknown');
  if (as === classOf(directive) || (as === 'taken' && elsewhere === undefined))
    return contradicted(seenAs(asked), `${domain} is not in the file`, at);
  if (as === 'denied' && elsewhere?.holds !== 'in') return confirmed(seenAs(asked), `${domain} is not in the file`, at);
  const own = namesIn(value).filter((name) => name !== 'localhost' && !name.startsWith('localhost.'));
  const where = elsewhere?.holds === 'in' ? `, which is in ${elsewhere.parameter}` : '';
  const other = `${domain} was asked for${where}`;
  if (own.length === 0) return notVisible(`it has no domain to ask for; ${other}`, seenAs(asked), [at]);
  const wayOn = `--domain ${own[0]} asks for ${own.length > 1 ? `one of ${inWords(own.slice(0, 5))}` : 'it'}`;
  return notTold(`${other}: ${wayOn}`, seenAs(asked), [at]);
}
