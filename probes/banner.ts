import { type OwnNames, ownNames } from '../src/kit/domain/own-names.ts';
import {
  type Cite,
  cite,
  defineRule,
  fail,
  type GreetingClaims,
  greetingClaims,
  pass,
  type Reply,
  type Severity,
} from '../src/kit/index.ts';
import { hello } from './hello.ts';

export const banner = defineRule({
  id: 'banner',
  question: 'What does its greeting give away?',
  severity: 'low',
  weighs:
    'Low for a version, which tells who looks for holes where to look, and opens none; for a greeting without the name of the host, or with another than EHLO has. Info for the name of program or system, which its replies tell as well.',
  safety: 'intrusive',
  why: 'Who looks for servers with a known hole reads greetings, millions a day. A version in it saves them the trial; whether the hole is there it does not say, as distributions mend without changing the number.',
  judged:
    'The greeting that hello saw, every line of it. fail, low: a version; no host name with a domain at its beginning; another name than the answer to EHLO begins with. fail, info: the name of the program, or of the system. pass: the name of the host and nothing of these. What a service that others run says of itself (Gmail, Exchange Online) is not held against it. Lines before the last, a teaser of postscreen for example, are no fault.',
  refs: ['RFC 5321 §3.1, §4.2, §4.3.1', 'Postfix smtpd_banner', 'Exim smtp_banner', 'Sendmail SmtpGreetingMessage'],
  needs: { hello },

  judge({ hello: { greeting, ehlo } }) {
    const claims = greetingClaims(greeting);
    const own = ownNames(greeting, ehlo.reply, ehlo.command.replace(/^\S+ /, ''), '');
    const measured = {
      name: own.banner.word,
      ehlo: own.ehlo.word,
      software: claims.software?.text ?? null,
      version: claims.version?.text ?? null,
      system: claims.system?.text ?? null,
      lines: greeting.lines.length,
    };
    const faults = [...claimed(claims, greeting), ...misnamed(own, greeting, ehlo.reply)];
    const worst = faults.find(({ severity }) => severity === 'low') ?? faults[0];
    if (worst === undefined) {
      const several = greeting.lines.length > 1 ? `, in ${greeting.lines.length} lines` : '';
      return pass(`it greets with its name and gives nothing away${several}`, cite(greeting), { measured });
    }
    const others = faults.flatMap((fault) => (fault === worst ? [] : fault.at));
    const quoted = [...worst.at, ...others].filter(
      (at, index, all) => all.findIndex(({ event, quote }) => event === at.event && quote === at.quote) === index,
    );
    const [first, ...more] = quoted;
    const because = faults.map(({ says }) => says).join('; ');
    const { severity, headline, likely } = worst;
    return fail(because, [first ?? cite(greeting), ...more], {
      measured,
      severity,
      headline,
      ...(likely === undefined ? {} : { likely }),
    });
  },
});

interface Fault {
  readonly severity: Severity;
  readonly says: string;
  readonly headline: string;
  readonly likely?: string;
  readonly at: readonly Cite[];
}

/** What it says of the program, as one fault. */
function claimed({ software, version, system }: GreetingClaims, greeting: Reply): Fault[] {
  const told = [software, version, system].filter((one) => one !== null);
  if (told.length === 0) return [];
  const at = told.map(({ line }) => cite(greeting, line));
  const says = `the greeting names ${told.map(({ text }) => text).join(' ')}`;
  const what = software === null ? 'the system' : 'the program';
  return version === null
    ? [{ severity: 'info', says, headline: `The greeting tells ${what} that it runs`, at }]
    : [{ severity: 'low', says, headline: 'The greeting tells which version of its software runs', at }];
}

/** RFC 5321 §4.2: the first word of a greeting is the name of the host. */
function misnamed({ banner: inGreeting, ehlo, agree }: OwnNames, greeting: Reply, answer: Reply): Fault[] {
  if (inGreeting.kind === 'nameless')
    return [
      {
        severity: 'low',
        says: `the greeting begins with ${inGreeting.word === '' ? 'nothing' : `"${inGreeting.word}"`}, which is no name of a host`,
        headline: 'The greeting does not begin with the full name of the host',
        ...(/\*{4}/.test(inGreeting.word) ? { likely: 'a firewall on the way covers what the server says' } : {}),
        at: [cite(greeting)],
      },
    ];
  if (agree || ehlo.kind === 'nameless') return [];
  return [
    {
      severity: 'low',
      says: `it greets as ${inGreeting.word} and answers EHLO as ${ehlo.word}`,
      headline: 'The names in its greeting and in its answer to EHLO differ',
      at: [cite(greeting), cite(answer)],
    },
  ];
}
