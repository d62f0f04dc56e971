import { cite, type Reply } from '../../model/reply.ts';
import { authOf } from '../auth.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible, type RowContext } from '../row.ts';
import type { Shown } from '../shown.ts';
import { untold } from '../untold.ts';
import { isOn } from '../values.ts';

const isEnabled = ({ service }: RowContext): boolean => isOn(service, 'smtpd_sasl_auth_enable');

/** The words of the two implementations for a mechanism that they do not have. */
const words = { dovecot: /Invalid authentication mechanism/, cyrus: /no mechanism available/ } as const;

/** Dovecot or Cyrus: their words for a mechanism that is not there differ. */
export const saslType = defineRow({
  directive: 'smtpd_sasl_type',
  probes: ['auth-state', 'auth-after-tls'],
  applies: isEnabled,

  compare(value, { shown }) {
    const type = value.trim().toLowerCase();
    if (type !== 'dovecot' && type !== 'cyrus') return notTold(`"${value}" is none whose words are known`);
    const replies = [...sidesOf(shown).flatMap((side) => side.replies), ...unlisted(shown)];
    for (const name of ['dovecot', 'cyrus'] as const) {
      const reply = replies.find(({ text }) => words[name].test(text));
      if (reply === undefined) continue;
      return name === type
        ? confirmed(name, 'its words for a mechanism that it does not have', cite(reply))
        : contradicted(name, 'its words for a mechanism that it does not have', cite(reply));
    }
    return notTold(
      'the words for a mechanism that is not there tell, and the server logs a failed login then: it needs --allow intrusive',
    );
  },
});

/** Where passwords are checked: whether anybody is there shows, and who does not. */
export const saslPath = defineRow({
  directive: 'smtpd_sasl_path',
  probes: ['auth-after-tls', 'auth-before-tls'],
  applies: isEnabled,

  compare(_value, { shown }) {
    const sides = sidesOf(shown);
    const [works] = sides.flatMap((side) => side.works);
    const down = sides.flatMap((side) => side.replies).find(({ code }) => code === 454);
    if (works !== undefined)
      return notVisible('somebody answers; behind which path does not show', 'AUTH is answered 334', [works]);
    if (down !== undefined)
      return notTold('nobody answers there, or behind another path', 'AUTH is answered 454', [cite(down)]);
    return untold(shown, 'auth-after-tls', 'AUTH was not tried');
  },
});

/** How Cyrus SASL checks them is between it and its back end. */
export const pwcheckMethod = defineRow({
  directive: 'pwcheck_method',
  probes: [],
  configured: () => ({ value: null, where: "of Cyrus SASL's smtpd.conf" }),
  applies: (context) => isEnabled(context) && /^cyrus$/i.test(context.service.setting('smtpd_sasl_type').value ?? ''),
  whenUnknown: () => notVisible('it shows only to who sends a password'),
  compare: () => notVisible('it shows only to who sends a password'),
});

const sidesOf = (shown: Shown) => Object.values(authOf(shown)).filter((side) => side !== null);

/** `auth-state` asks for a mechanism that nobody has. */
function unlisted(shown: Shown): Reply[] {
  const exchange = shown.observed('auth-state')?.unlisted ?? null;
  return exchange === null ? [] : [exchange.reply];
}
