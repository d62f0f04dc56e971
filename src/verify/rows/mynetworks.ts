import { relayingOf, trustOf } from '../relaying.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible, type Outcome, type RowContext } from '../row.ts';

/** Clients that may relay by their address: that a stranger is none shows at RCPT. */
export const mynetworks = defineRow({
  directive: 'mynetworks',
  probes: ['open-relay', 'hello'],
  whenUnknown: () => notVisible('it is not set: mynetworks_style has the say'),
  compare: (_value, context) => compareTrust(context, 'it'),
});

/** Which clients these are where `mynetworks` is not set. */
export const mynetworksStyle = defineRow({
  directive: 'mynetworks_style',
  probes: ['open-relay', 'hello'],

  compare(value, context) {
    if (context.service.setting('mynetworks').value !== null)
      return notVisible('mynetworks is set, so it does not count');
    const style = value.trim().toLowerCase();
    return compareTrust(context, `the ${style === 'host' ? 'host itself' : style}`);
  },
});

function compareTrust(context: RowContext, what: string): Outcome {
  const { us, service } = context;
  const lists = ['smtpd_relay_restrictions', 'smtpd_recipient_restrictions'];
  const relaying = relayingOf(context);
  if (relaying.kind === 'untold') return relaying.outcome;
  if (!lists.some((list) => /permit_mynetworks/i.test(service.setting(list).value ?? 'permit_mynetworks')))
    return notVisible('no list of restrictions names permit_mynetworks');
  const { evidence } = relaying;
  const trust = trustOf(context);
  const words = relaying.kind === 'accepted' ? relaying.words : 'mail for outside is refused';
  if (trust === 'everybody')
    return relaying.kind === 'accepted'
      ? confirmed(words, `everybody is in ${what}`, evidence)
      : contradicted(words, `everybody is in ${what}, and the server does not trust us`, evidence);
  if (trust === 'unknown') {
    const whether = `whether ${what} holds ${us.words} cannot be told from the file`;
    return notTold(`${whether}: say --vantage outside or trusted`, null, evidence);
  }
  return relaying.kind === 'accepted'
    ? contradicted(
        words,
        `${us.words} is not in ${what}, and the server takes us for a trusted client: a proxy or NAT in front?`,
        evidence,
      )
    : confirmed(words, `${us.words} is not in ${what}, and the server does not trust us`, evidence);
}
