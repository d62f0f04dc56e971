import { cite, defineRule, ehloKeywords, fail, inconclusive, pass } from '../src/kit/index.ts';
import { hello } from './hello.ts';
import { starttlsWorks, unanswered } from './starttls-works.ts';

export const starttlsOffer = defineRule({
  id: 'starttls-offer',
  question: 'Is STARTTLS offered?',
  severity: 'high',
  weighs: 'High: without it every message, and on a submission port every password, crosses the network in clear.',
  safety: 'passive',
  why: 'Without STARTTLS every message and every login crosses the network in clear.',
  judged:
    'pass: EHLO lists STARTTLS. fail: it does not, and the command itself is refused; or the command works and the keyword is hidden, so that no client will find it. The command is sent either way.',
  refs: ['RFC 3207 §4', 'RFC 5321 §4.1.1.1', 'Postfix smtpd_tls_security_level, smtpd_discard_ehlo_keywords'],
  needs: { hello },
  wants: { starttls: starttlsWorks },
  applies: (endpoint) =>
    endpoint.tls === 'starttls' || 'TLS comes first on this port (RFC 8314 §3.3): there is no STARTTLS',

  judge({ hello: seen, starttls }) {
    const { reply } = seen.ehlo;
    const listed = ehloKeywords(reply).find(({ keyword }) => keyword === 'STARTTLS');
    if (listed !== undefined) return pass('EHLO lists STARTTLS', cite(reply, listed.line));
    if (starttls === undefined)
      return inconclusive('prerequisite', 'EHLO does not list STARTTLS, and the command itself could not be tried', [
        cite(reply),
      ]);
    const answer = starttls.exchange.reply;
    const evidence = [cite(reply), cite(answer)] as const;
    if (starttls.kind === 'established')
      return fail('EHLO does not list STARTTLS although the command works: no client will use it', evidence, {
        headline: 'It can do TLS and does not offer it, so that nobody uses it',
      });
    if (starttls.kind === 'failed')
      return inconclusive(
        'ambiguous',
        'EHLO does not list STARTTLS, and the command is answered with neither yes nor no',
        evidence,
      );
    const untold = unanswered(starttls);
    if (untold !== null) return { ...untold, because: `EHLO does not list STARTTLS; ${untold.because}` };
    const mask = ehloKeywords(reply).find(({ keyword }) => /^X{4,}[A-Z]?$/.test(keyword));
    if (mask === undefined)
      return fail('EHLO does not list STARTTLS, and the command is refused', evidence, {
        headline: 'It offers no TLS: everything crosses the network in clear',
      });
    const because = `EHLO lists ${mask.keyword}, and STARTTLS is refused: a firewall between masks keywords (such as Cisco's "inspect esmtp"); look there, not at the server`;
    return fail(because, [cite(reply, mask.line), cite(answer)], {
      headline: 'Something in front of it hides TLS: everything crosses the network in clear',
    });
  },
});
