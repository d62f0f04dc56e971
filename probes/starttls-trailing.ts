import { cite, defineRule, fail, inconclusive, pass } from '../src/kit/index.ts';
import { hello } from './hello.ts';
import { starttlsWorks, withoutTls } from './starttls-works.ts';

export const starttlsTrailing = defineRule({
  id: 'starttls-trailing',
  question: 'Does it speak between its 220 and the handshake?',
  severity: 'low',
  weighs: 'Low: bytes after the 220 do no harm by themselves; clients may stop.',
  safety: 'passive',
  why: 'After 220 the next octet belongs to TLS. Bytes in clear behind it break the handshake of strict clients, and lax ones take them for replies from inside TLS: what an attacker on the path would write there.',
  judged:
    'pass: the handshake completes, and nothing came between. fail: bytes came behind the 220 to STARTTLS, before the handshake.',
  refs: ['RFC 3207 §4, §6', 'Poddebniak et al., USENIX Security 2021 (response injection)'],
  needs: { hello, starttls: starttlsWorks },
  applies: (endpoint) =>
    endpoint.tls === 'starttls' || 'TLS comes first on this port (RFC 8314 §3.3): there is no STARTTLS',

  judge({ hello: seen, starttls }) {
    if (starttls.kind === 'refused') return withoutTls(starttls, seen.ehlo.reply);
    const { exchange, leftover, leftoverAt } = starttls;
    const at = cite(exchange.reply);
    if (leftoverAt !== null)
      return fail(`behind its 220 it says "${leftover.slice(0, 200)}", in clear`, [at, leftoverAt], {
        headline: 'It goes on in clear behind its yes to STARTTLS, which may be taken for words inside TLS',
      });
    // What came late may be what broke it.
    if (starttls.kind === 'failed') return withoutTls(starttls, seen.ehlo.reply);
    if (leftover !== '')
      return inconclusive('ambiguous', 'bytes behind the 220 that no event of the transcript holds', [at]);
    return pass('nothing came between the 220 and the handshake', [at, starttls.facts.at]);
  },
});
