import { cite, isPositive, type Reply } from '../../model/reply.ts';
import { domainParameters, namesIn, relayingOf } from '../relaying.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible, type Outcome, type RowContext } from '../row.ts';
import { recipientsShape } from '../seen.ts';
import { untold } from '../untold.ts';
import { inWords } from '../values.ts';

type Parameter = 'mydestination' | 'relay_domains';

const domains = (directive: Parameter) =>
  defineRow({
    directive,
    probes: ['rcpt-oracle', 'open-relay'],

    compare(value, context) {
      const asked = askedFor(context);
      if ('verdict' in asked) return asked;
      const mine = namesIn(value);
      const isTable = value !== '' && mine.length === 0;
      const elsewhere = domainParameters.find(
        (parameter) =>
          parameter !== directive && namesIn(context.service.setting(parameter).value ?? '').includes(asked.domain),
      );
      return mine.includes(asked.domain)
        ? ofMember(asked, directive)
        : ofOther(asked, { directive, mine, isTable, elsewhere });
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
  const round = context.seen.observed('rcpt-oracle', recipientsShape)?.rounds.at(-1);
  const replies = (round?.answers ?? [])
    .filter(({ recipient }) => recipient.includes('@'))
    .map(({ exchange }) => exchange.reply);
  if (round === undefined || replies.length === 0 || round.domain === null) {
    const finding = context.seen.finding('rcpt-oracle');
    return (
      untold('rcpt-oracle', finding) ??
      notVisible(finding?.because ?? 'no recipient was answered', null, finding?.evidence ?? [])
    );
  }
  const domain = round.domain.toLowerCase();
  for (const [words, as] of tables) {
    const reply = replies.find(({ text }) => words.test(text));
    if (reply !== undefined) return { domain, reply, as };
  }
  const taken = replies.find(isPositive);
  const [first] = replies;
  if (taken === undefined)
    return notVisible(
      'what recipients are told says nothing of their domain',
      first?.lines[0].text ?? null,
      first === undefined ? [] : [cite(first)],
    );
  if (relayingOf(context).kind === 'accepted')
    return notTold('mail for any domain is taken: that it takes this one says nothing', `${domain} is taken`, [
      cite(taken),
    ]);
  return { domain, reply: taken, as: 'taken' };
}

const asWords: Readonly<Record<RecipientAsked['as'], string>> = {
  local: 'is its own',
  relay: 'is relayed for',
  virtual: 'is a virtual domain',
  taken: 'is taken',
  denied: 'is refused',
};

function ofMember({ domain, reply, as }: RecipientAsked, directive: Parameter): Outcome {
  const seen = `${domain} ${asWords[as]}`;
  const at = cite(reply);
  const fits = as === 'taken' || as === (directive === 'mydestination' ? 'local' : 'relay');
  return fits
    ? confirmed(seen, `recipients at ${domain} are answered as those of ${directive}`, at)
    : contradicted(seen, `${domain} is in the file`, at);
}

interface Others {
  readonly directive: Parameter;
  readonly mine: readonly string[];
  readonly isTable: boolean;
  readonly elsewhere: string | undefined;
}

function ofOther({ domain, reply, as }: RecipientAsked, { directive, mine, isTable, elsewhere }: Others): Outcome {
  const seen = `${domain} ${asWords[as]}`;
  const at = cite(reply);
  if (isTable) return notTold('its domains stand in a table, which is not read', seen, [at]);
  const isMine = as === (directive === 'mydestination' ? 'local' : 'relay');
  if (isMine || (as === 'taken' && elsewhere === undefined))
    return contradicted(seen, `${domain} is not in the file`, at);
  if (as === 'denied' && elsewhere === undefined) return confirmed(seen, `${domain} is not in the file`, at);
  const own = mine.filter((name) => name !== 'localhost' && !name.startsWith('localhost.'));
  const other = `${domain} was asked for${elsewhere === undefined ? '' : `, which is in ${elsewhere}`}`;
  if (own.length === 0) return notVisible(`it has no domain to ask for; ${other}`, seen, [at]);
  return notTold(`${other}: --domain ${own[0]} asks for ${own.length > 1 ? `one of ${inWords(own)}` : 'it'}`, seen, [
    at,
  ]);
}
