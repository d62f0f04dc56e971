import type { Membership } from '../networks.ts';
import { relayingOf } from '../relaying.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible, type Outcome, type RowContext } from '../row.ts';

/** Clients that may relay by their address: whether we are one of them shows at RCPT. */
export const mynetworks = defineRow({
  directive: 'mynetworks',
  probes: ['open-relay', 'hello'],
  whenUnknown: () => notVisible('it is not set: mynetworks_style has the say'),
  compare: (value, context) => compareTrust(context, context.standing.isIn(value), 'it'),
});

/** Which clients these are where `mynetworks` is not set. */
export const mynetworksStyle = defineRow({
  directive: 'mynetworks_style',
  probes: ['open-relay', 'hello'],

  compare(value, context) {
    const { service, standing } = context;
    if (service.setting('mynetworks').from !== 'default' && service.setting('mynetworks').value !== null)
      return notVisible('mynetworks is set, so it does not count');
    const style = value.trim().toLowerCase();
    // Its own addresses only: we have another, unless we are the host itself.
    const membership = standing.isIn('unknown');
    const ours = style === 'host' && membership === 'unknown' && standing.isSure ? 'out' : membership;
    return compareTrust(context, ours, `the ${style === 'host' ? 'host itself' : style} `.trimEnd());
  },
});

function compareTrust(context: RowContext, membership: Membership, what: string): Outcome {
  const { standing } = context;
  const relaying = relayingOf(context);
  if (relaying.kind === 'untold') return notTold(relaying.because, null, relaying.evidence);
  if (!usesNetworks(context)) return notVisible('no list of restrictions names permit_mynetworks');
  if (membership === 'unknown')
    return notTold(
      `whether ${what} holds ${standing.words} cannot be told from the file: say --vantage outside or trusted`,
      null,
      relaying.evidence,
    );
  if (relaying.kind === 'accepted') {
    const { words, evidence } = relaying;
    if (membership === 'out')
      return contradicted(
        words,
        `${standing.words} is not in ${what}, and the server takes us for a trusted client: a proxy or NAT in front?`,
        evidence,
      );
    return standing.isSure
      ? confirmed(words, `${standing.words} is in ${what}`, evidence)
      : notTold(
          `${standing.words} is in ${what}, and the server may see another one: say --vantage outside or trusted`,
          words,
          evidence,
        );
  }
  const words = 'mail for outside is refused';
  if (membership === 'out')
    return confirmed(words, `${standing.words} is not in ${what}, and the server does not trust us`, relaying.evidence);
  return standing.isSure
    ? contradicted(words, `${standing.words} is in ${what}, and the server does not trust us`, relaying.evidence)
    : notTold(
        `${standing.words} is in ${what}, and the server may see another one: say --vantage outside or trusted`,
        words,
        relaying.evidence,
      );
}

function usesNetworks({ service }: RowContext): boolean {
  return ['smtpd_relay_restrictions', 'smtpd_recipient_restrictions'].some((list) =>
    /permit_mynetworks/i.test(service.setting(list).value ?? 'permit_mynetworks'),
  );
}
