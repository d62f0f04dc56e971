import type { Shaped, Zod } from '../../model/shape.ts';
import { domainOf } from '../subject.ts';
import { transactionShape } from '../transactions/transaction.ts';
import type { RelayNames } from './names.ts';
import { type RecipientForm, recipientForms } from './recipient-forms.ts';
import { type SenderForm, senderForms } from './sender-forms.ts';

export const relayFormShape = (z: Zod) =>
  transactionShape(z).extend({
    /** Whether HELO carries our name or the server's own. */
    heloOf: z.enum(['ours', 'theirs']),
    /**
     * What stands right of the last `@`, where that is a place of the server's own ('' where there is no `@`): there an
     * acceptance means something only if an unknown local part is refused.
     */
    ownHost: z.string().nullable(),
    /** Asked in clear only; the others are asked inside TLS too. */
    clearOnly: z.boolean(),
  });

/** One way to ask a server to take mail for outside. */
export type RelayForm = Shaped<typeof relayFormShape>;

/**
 * All forms: sender forms × the plain recipient, the outside sender × recipient forms, and a few under the server's own
 * HELO name. The id reads `sender>recipient form@host`; that of another outside recipient ends in its domain. RFC 5321
 * §3.6.1, F.2 (source routes); Postfix `allow_percent_hack`, `swap_bangpath`, `resolve_dequoted_address`,
 * `allow_untrusted_routing`.
 */
export function relayForms(names: RelayNames): RelayForm[] {
  const { taken, external, elsewhere } = names;
  const senders = senderForms(names);
  const recipients = recipientForms(names);
  const plain = { form: 'plain', recipient: external, odd: false, ownHost: null, clearOnly: false };
  const from = senders.find(({ sender }) => sender === taken)?.form ?? 'outside';
  const base = { form: from, sender: taken, odd: false, clearOnly: false };
  const others = elsewhere.map((recipient) => ({
    ...plain,
    form: `plain@${domainOf(recipient)}`,
    recipient,
    clearOnly: true,
  }));
  const ours = [
    ...senders.map((sender) => form(names, 'ours', sender, plain)),
    ...[...others, ...recipients].map((recipient) => form(names, 'ours', base, recipient)),
  ];
  const percent = recipients.find((recipient) => recipient.form.startsWith('percent@'));
  const theirs = (names.helo.theirs === names.helo.ours ? [] : senders)
    .filter((sender) => ['outside', 'null', 'user'].includes(sender.form))
    .map((sender) => ({ ...form(names, 'theirs', sender, plain), clearOnly: sender.form === 'null' }));
  return [
    ...ours,
    ...theirs,
    ...(percent === undefined || theirs.length === 0
      ? []
      : [{ ...form(names, 'theirs', base, percent), clearOnly: true }]),
  ];
}

/** Whether a form goes straight to a recipient outside, without a place of the server's own in it. */
export const isPlain = ({ id }: { readonly id: string }): boolean => />plain(@|$)/.test(id);

function form(
  { helo }: RelayNames,
  heloOf: RelayForm['heloOf'],
  { form: from, sender, odd, clearOnly }: SenderForm,
  to: RecipientForm,
): RelayForm {
  return {
    id: `${heloOf === 'theirs' ? 'own-helo:' : ''}${from}>${to.form}`,
    helo: helo[heloOf],
    heloOf,
    sender,
    recipient: to.recipient,
    odd: odd || to.odd,
    ownHost: to.ownHost,
    clearOnly: clearOnly || to.clearOnly,
  };
}
