import { cite, ehloKeywords, isPositive, type Reply } from '../../model/reply.ts';
import { demandsTls } from '../auth.ts';
import { clearEhlo } from '../ehlo.ts';
import { confirmed, contradicted, defineRow, notTold, notVisible, type RowContext } from '../row.ts';
import { untold } from '../untold.ts';
import { isOn } from '../values.ts';

type Level = 'none' | 'may' | 'encrypt';

const should: Readonly<Record<Level, string>> = {
  none: 'there should be no STARTTLS',
  may: 'STARTTLS should be offered, and MAIL taken without it',
  encrypt: 'STARTTLS should be offered, and MAIL refused without it',
};

/** Whether there is TLS, and whether mail waits for it. */
export const tlsLevel = defineRow({
  directive: 'smtpd_tls_security_level',
  probes: ['hello', 'open-relay', 'message-size'],

  compare(value, context) {
    const { shown } = context;
    if (shown.endpoint.tls === 'implicit') return notVisible('TLS comes first on this port (smtpd_tls_wrappermode)');
    const level = levelOf(value, context);
    const ehlo = clearEhlo(shown);
    if (ehlo === null) return untold(shown, 'hello', 'no answer to EHLO');
    const offer = ehloKeywords(ehlo).find(({ keyword }) => keyword === 'STARTTLS');
    if (offer === undefined) {
      const at = cite(ehlo, ehlo.lines.length - 1);
      if (level === 'none') return confirmed('no STARTTLS', 'EHLO does not list it', [cite(ehlo), at]);
      return contradicted('no STARTTLS', should[level], [cite(ehlo), at]);
    }
    const line = cite(ehlo, offer.line);
    if (level === 'none') return contradicted('STARTTLS is offered', should.none, line);
    const answer = mailInClear(context);
    if (answer === null)
      return notTold(
        'STARTTLS is offered; whether mail waits for it was not asked: --probe open-relay does',
        'STARTTLS is offered',
        [line],
      );
    const waits = answer.code === 530;
    const words = waits
      ? 'STARTTLS is offered, and must come first'
      : 'STARTTLS is offered, and mail does not wait for it';
    return waits === (level === 'encrypt')
      ? confirmed(words, should[level], [line, cite(answer)])
      : contradicted(words, should[level], [line, cite(answer)]);
  },
});

function levelOf(value: string, { service }: RowContext): Level {
  const level = value.trim().toLowerCase();
  if (demandsTls(level)) return 'encrypt';
  if (level === 'may' || level === 'none') return level;
  // Not set: the parameters of old have the say.
  if (isOn(service, 'smtpd_enforce_tls')) return 'encrypt';
  return isOn(service, 'smtpd_use_tls') ? 'may' : 'none';
}

/** What MAIL was told before TLS; a refusal for other reasons shows as well that nobody waits for TLS. */
function mailInClear({ shown }: RowContext): Reply | null {
  const clear = (shown.observed('open-relay')?.phases ?? []).filter(({ tls }) => !tls);
  const mails = clear.flatMap(({ openings }) => openings.map(({ mail }) => mail?.reply ?? null));
  const size = shown.observed('message-size');
  const sizes = size === null || size.tls ? [] : size.trials.map(({ exchange }) => exchange.reply);
  return (
    [...mails, ...sizes].find((reply) => reply !== null && (isPositive(reply) || (reply.code ?? 0) >= 500)) ?? null
  );
}
