import type { Reported } from '../../model/reported.ts';
import { type RelayAnswer, relayAnswers } from './relay-answers.ts';

/** The relay matrix: forms of the recipient down, senders across, in clear and inside TLS. */
export function RelayGrids({ endpoint }: { readonly endpoint: Reported }) {
  const answers = relayAnswers(endpoint);
  if (answers.length === 0) return null;
  const relay = endpoint.findings.find(({ probe }) => probe === 'open-relay');
  const first = relay?.measured?.tls === 'implicit' ? 'Inside TLS, which comes first here' : 'In clear';
  const count = (outcome: RelayAnswer['outcome']) => answers.filter((answer) => answer.outcome === outcome).length;
  return (
    <details class="fold relay" open={count('accepted') > 0}>
      <summary>
        <b>Relay matrix</b>{' '}
        <small>
          {count('accepted')} ways to ask accepted, {count('refused')} refused, {count('untested')} not tested
        </small>
      </summary>
      <p class="faint">
        <b class="accepted">●</b> accepted, <b class="refused">○</b> refused, each with the code that RCPT was answered;{' '}
        <b class="untested">?</b> not tested; an empty field: not asked.
      </p>
      <Grid title={first} answers={answers.filter(({ tls }) => !tls)} />
      <Grid title="Inside TLS" answers={answers.filter(({ tls }) => tls)} />
    </details>
  );
}

function Grid({ title, answers }: { readonly title: string; readonly answers: readonly RelayAnswer[] }) {
  if (answers.length === 0) return null;
  const recipients = inOrder(
    answers.map(({ recipient }) => recipient),
    recipientForms,
  );
  const columns = [false, true].flatMap((ownHelo) => {
    const asked = answers.filter((answer) => answer.ownHelo === ownHelo);
    return inOrder(
      asked.map(({ sender }) => sender),
      Object.keys(senders),
    ).map((sender) => ({ ownHelo, sender }));
  });
  const own = columns.filter(({ ownHelo }) => ownHelo).length;
  return (
    <div class="scroll">
      <table class="grid">
        <caption>{title}</caption>
        <thead>
          <tr>
            <td />
            {own < columns.length && (
              <th scope="colgroup" colSpan={columns.length - own}>
                EHLO with our name; MAIL FROM
              </th>
            )}
            {own > 0 && (
              <th scope="colgroup" colSpan={own}>
                EHLO with its own name
              </th>
            )}
          </tr>
          <tr>
            <th scope="col">RCPT TO</th>
            {columns.map(({ sender }) => (
              <th scope="col" class="sender" title={senders[sender]}>
                <span>{sender}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {recipients.map((recipient) => (
            <tr>
              <th scope="row" title={pattern(recipient) ?? recipient}>
                {recipient} <code>{pattern(recipient)}</code>
              </th>
              {columns.map((column) => (
                <Cell
                  answer={answers.find(
                    (one) =>
                      one.recipient === recipient && one.sender === column.sender && one.ownHelo === column.ownHelo,
                  )}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const words = {
  accepted: { mark: '●', word: 'accepted' },
  refused: { mark: '○', word: 'refused' },
  untested: { mark: '?', word: 'not tested' },
} as const;

function Cell({ answer }: { readonly answer: RelayAnswer | undefined }) {
  if (answer === undefined) return <td />;
  const { mark, word } = words[answer.outcome];
  return (
    <td class={answer.outcome} title={answer.why === null ? word : `${word}: ${answer.why}`}>
      <span aria-hidden="true">{mark}</span>
      <span class="heard">{word}</span> <span class="code">{answer.code}</span>
    </td>
  );
}

const senders: Readonly<Record<string, string>> = {
  outside: 'an address outside',
  null: 'none, as in bounces: <>',
  user: 'a user of its domain',
  postmaster: 'its postmaster',
  same: 'the recipient itself',
  literal: 'a user at its IP address',
  bare: 'a name without a domain',
  localhost: 'a user at localhost',
};

const recipientForms = ['plain', 'percent', 'bang', 'quoted', 'doubled', 'route'];

/** Each once, in the order of the forms that they begin with; those not known come last. */
function inOrder(names: readonly string[], forms: readonly string[]): string[] {
  const rank = (name: string) => {
    const form = forms.indexOf(name.split('@')[0] ?? '');
    return form < 0 ? forms.length : form;
  };
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** How a form is written; `outside` is a domain elsewhere, what stands right of the `@` the server's own. */
function pattern(recipient: string): string | null {
  const [form = '', place] = recipient.split('@');
  const at = place === undefined ? '' : `@${places[place] ?? place}`;
  switch (form) {
    case 'plain':
      return 'user@outside';
    case 'percent':
      return `user%outside${at}`;
    case 'bang':
      return `outside!user${at}`;
    case 'quoted':
      return `"user@outside"${at}`;
    case 'doubled':
      return `user@outside${at}`;
    case 'route':
      return `${at}:user@outside`;
    default:
      return null;
  }
}

const places: Readonly<Record<string, string>> = { domain: 'its-domain', name: 'its-name', literal: '[its-address]' };
