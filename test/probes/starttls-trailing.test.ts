import { describe, expect, test } from 'vitest';
import { starttlsTrailing } from '../../probes/starttls-trailing.ts';
import { trouble } from '../../src/model/trouble.ts';
import { scanTls } from '../support/scan-tls.ts';
import { shows } from '../support/tls-mta.ts';
import { exchange } from '../unit/kit/replies.ts';
import { judge, said } from './judged.ts';

const hello = { ehlo: exchange('EHLO us', '250-mx.example.test\n250 STARTTLS') };
const go = exchange('STARTTLS', '220 2.0.0 Ready to start TLS');
const at = (quote: string) => ({ session: 's1', event: 4, quote });
const facts = { at: at('TLS established: TLSv1.3') };
const silent = { leftover: '', leftoverAt: null };
const talkative = { leftover: '250 hello', leftoverAt: at('250 hello') };

describe('starttls-trailing judges', () => {
  test.each<[string, object, string]>([
    ['nothing came', { kind: 'established', exchange: go, facts, ...silent }, 'pass'],
    ['something came', { kind: 'established', exchange: go, facts, ...talkative }, 'fail'],
    [
      'something came, and no handshake',
      { kind: 'failed', exchange: go, ...talkative, cut: trouble('tls-failed', 'hang-up', 'x') },
      'fail',
    ],
    [
      'nothing came, and no handshake',
      { kind: 'failed', exchange: go, ...silent, cut: trouble('tls-failed', 'hang-up', 'x') },
      'inconclusive(tls-failed)',
    ],
    [
      'refused',
      { kind: 'refused', exchange: exchange('STARTTLS', '454 4.7.0 TLS not available') },
      'inconclusive(tls-failed)',
    ],
    [
      'not offered, and refused',
      { kind: 'refused', exchange: exchange('STARTTLS', '502 no') },
      'inconclusive(tls-failed)',
    ],
  ])('%s', (_, starttls, expected) => {
    expect(said(judge(starttlsTrailing, null, { hello, 'starttls-works': starttls }))).toBe(expected);
  });

  test('a server that does not offer it has no 220 to speak behind', () => {
    const given = {
      hello: { ehlo: exchange('EHLO us', '250 mx.example.test') },
      'starttls-works': { kind: 'refused', exchange: exchange('STARTTLS', '502 no') },
    };
    expect(said(judge(starttlsTrailing, null, given))).toBe('not-applicable');
  });
});

describe('starttls-trailing asks', () => {
  test('a server that speaks behind its 220, and its clean twin', async () => {
    const { finding } = await scanTls(starttlsTrailing, { ...shows('good'), behind220: '250 hello there' });
    expect(finding).toMatchObject({ verdict: 'fail', severity: 'low' });
    expect(finding.evidence.map(({ quote }) => quote)).toEqual([
      '220 2.0.0 Ready to start TLS',
      '250 hello there\\x0d\\x0a',
    ]);
    const clean = await scanTls(starttlsTrailing, shows('good'));
    expect(clean.finding).toMatchObject({ verdict: 'pass' });
    expect(clean.connections).toBe(1);
  });
});
