import { describe, expect, test } from 'vitest';
import { starttlsOffer } from '../../probes/starttls-offer.ts';
import { findingOf, type Scanned, scanServer } from '../fakes/scan-server.ts';
import { mta, type ScriptedServer } from '../fakes/scripted-server.ts';
import { exchange } from '../unit/kit/replies.ts';
import { judge, said } from './judged.ts';

const listed = { ehlo: exchange('EHLO us', '250-mx.example.test\n250-PIPELINING\n250-STARTTLS\n250 HELP') };
const hidden = { ehlo: exchange('EHLO us', '250-mx.example.test\n250 PIPELINING') };
const answered = (raw: string, quit = '221 2.0.0 Bye') => ({
  kind: 'refused',
  exchange: exchange('STARTTLS', raw),
  quit: exchange('QUIT', quit),
});
const works = { kind: 'established', exchange: exchange('STARTTLS', '220 go') };

describe('starttls-offer judges', () => {
  test.each<[string, object, object | undefined, string]>([
    ['listed', listed, works, 'pass'],
    ['listed, in small letters', { ehlo: exchange('EHLO us', '250-mx.example.test\n250 starttls') }, undefined, 'pass'],
    ['listed, the command not tried', listed, undefined, 'pass'],
    ['hidden, and refused', hidden, answered('502 5.5.1 Error: command not implemented'), 'fail'],
    ['hidden, and works', hidden, works, 'fail'],
    ['hidden, the command not tried', hidden, undefined, 'inconclusive(prerequisite)'],
    [
      'hidden, and a limiter',
      hidden,
      answered('454 4.7.0 Error: too many new TLS sessions from unknown[192.0.2.9]'),
      'inconclusive(throttled)',
    ],
    ['hidden, and not now', hidden, answered('454 4.7.0 TLS not available due to local problem'), 'fail'],
    ['hidden, and no SMTP reply', hidden, answered('what?'), 'inconclusive(ambiguous)'],
    [
      'in the name only',
      { ehlo: exchange('EHLO us', '250-STARTTLS.example.test\n250 PIPELINING') },
      answered('502 no'),
      'fail',
    ],
    ['first line only', { ehlo: exchange('EHLO us', '250 STARTTLS') }, answered('502 no'), 'fail'],
  ])('%s', (_, seen, starttls, expected) => {
    expect(said(judge(starttlsOffer, null, { hello: seen, 'starttls-works': starttls }))).toBe(expected);
  });

  test('and quotes the line that lists it', () => {
    expect(judge(starttlsOffer, null, { hello: listed })).toMatchObject({
      evidence: [{ quote: '250-STARTTLS', event: 2 }],
    });
  });
});

describe('starttls-offer asks', () => {
  const of = async (server_: ScriptedServer, options: Scanned = {}) => {
    await using server = await server_.start();
    return findingOf(
      await scanServer(server, { probes: ['starttls-works', 'starttls-offer'], ...options }),
      'starttls-offer',
    );
  };

  test('a server without STARTTLS, and its clean twin', async () => {
    expect(await of(mta().hides('STARTTLS'))).toMatchObject({
      verdict: 'fail',
      evidence: [{ quote: '250-mx.example.test' }, { quote: '502 5.5.1 Error: command not implemented' }],
    });
    expect(await of(mta())).toMatchObject({ verdict: 'pass', evidence: [{ quote: '250-STARTTLS' }] });
  });

  test('a server that hides it: the command is tried all the same', async () => {
    const secret = mta().onEhlo(() => '250-mx.example.test\n250 PIPELINING');
    expect(await of(secret)).toMatchObject({
      verdict: 'fail',
      because: expect.stringContaining('although the command works'),
    });
  });

  test('a port where TLS comes first: the question makes no sense', async () => {
    expect(await of(mta().implicitTls(), { tls: 'implicit' })).toMatchObject({ verdict: 'not-applicable' });
  });

  test('a server that cannot be asked', async () => {
    expect(await of(mta().greets('554 no'))).toMatchObject({ verdict: 'inconclusive', doubt: 'client-blocked' });
  });
});
