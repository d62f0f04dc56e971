import fc from 'fast-check';
import { mta, type ScriptedServer } from '../fakes/scripted-server.ts';
import { hostileText } from '../unit/report/hostile.ts';

/** Makes a server, and what is odd about it in words that make it again. */
export interface World {
  readonly words: string;
  readonly make: () => ScriptedServer;
}

const verbs = ['EHLO', 'HELO', 'MAIL', 'RCPT', 'RSET', 'VRFY', 'EXPN', 'STARTTLS', 'AUTH', 'NOOP', 'QUIT'] as const;

/** Replies as real servers give them, right and wrong ones to whatever was asked. */
const usual = [
  ...[
    '250 2.0.0 Ok',
    '250-mx\n250 SIZE',
    '252 2.0.0 maybe',
    '251 will forward',
    '220 again',
    '221 Bye',
    '334 ',
    '235 ok',
  ],
  ...[
    '354 go ahead',
    '421 4.3.2 Shutting down',
    '421 4.7.0 Too many errors',
    '421 too many messages in this connection',
  ],
  ...['450 4.2.0 Greylisted, try again', '451 4.7.1 Service unavailable', '452 4.5.3 Too many recipients'],
  ...['452 4.3.1 Insufficient system storage', '454 4.7.0 TLS not available', '454 4.7.1 Relay access denied'],
  ...['500 5.5.2 command not recognized', '501 5.1.3 Bad recipient address syntax', '502 5.5.1 not implemented'],
  ...['503 5.5.1 bad sequence', '504 5.5.4 unsupported', '530 5.7.0 Must issue a STARTTLS command first'],
  ...['530 5.7.1 Authentication required', '535 5.7.8 authentication failed', '550 5.1.1 User unknown'],
  ...['550 5.7.1 Client blocked, see Spamhaus', '550 Unrouteable address', '550 5.7.1 Go away', '552 5.3.4 too big'],
  ...[
    '553 5.7.1 Sender not owned',
    '554 5.7.1 Relay access denied',
    '555 5.5.4 unknown parameter',
    '+OK',
    '* OK',
    '999 ?',
  ],
] as const;

const reply = fc.oneof(
  { arbitrary: fc.constantFrom(...usual), weight: 5 },
  fc
    .tuple(fc.integer({ min: 100, max: 599 }), hostileText)
    .map(([code, text]) => `${code} ${text.replaceAll(/[\r\n]/g, ' ')}`),
  hostileText.map((text) => `250-${text.replaceAll(/[\r\n]/g, ' ')}\n250 end`),
);

type Oddity = { readonly words: string; readonly over: (server: ScriptedServer) => ScriptedServer };
const odd = (words: string, over: Oddity['over']): Oddity => ({ words, over });
const small = fc.integer({ min: 0, max: 24 });

const oddity: fc.Arbitrary<Oddity> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...verbs),
        reply,
        fc.constantFrom('always', 'from the second on', 'once', 'inside TLS'),
        fc.boolean(),
      )
      .map(([verb, say, when, hangsUp]) =>
        odd(`${verb} ${when}: ${JSON.stringify(say)}${hangsUp ? ', and hangs up' : ''}`, (server) => {
          let times = 0;
          return server.on(verb, ({ dialogue }) => {
            times += 1;
            const holds = {
              always: true,
              'from the second on': times > 1,
              once: times === 1,
              'inside TLS': dialogue.tls,
            }[when];
            if (!holds) return undefined;
            return hangsUp ? { say, and: 'hang up' } : say;
          });
        }),
      ),
  },
  small.map((at) => odd(`hangs up after ${at}`, (server) => server.hangsUpAfter(at))),
  small.map((at) => odd(`resets after ${at}`, (server) => server.resetsAfter(at))),
  small.map((at) => odd(`silent after ${at}`, (server) => server.fallsSilentAfter(at))),
  small.map((at) => odd(`421 at ${at}`, (server) => server.says421At(at))),
  fc
    .tuple(small, reply, fc.constantFrom('before' as const, 'after' as const))
    .map(([at, extra, place]) =>
      odd(`${JSON.stringify(extra)} too many ${place} ${at}`, (server) => server.addsReply(extra, { at, place })),
    ),
  small.map((at) => odd(`a reply too few at ${at}`, (server) => server.swallowsReply({ at }))),
  fc.integer({ min: 1, max: 60 }).map((at) => odd(`cut at ${at}`, (server) => server.cutsAt(at))),
  fc.integer({ min: 1, max: 6 }).map((n) => odd(`error limit ${n}`, (server) => server.errorLimit(n))),
  fc.integer({ min: 1, max: 4 }).map((n) => odd(`${n} connections at once`, (server) => server.connectionsAtOnce(n))),
  fc.integer({ min: 1, max: 9 }).map((n) => odd(`${n} connections in all`, (server) => server.connectionsInAll(n))),
  fc
    .constantFrom('first lost' as const, 'held back' as const)
    .map((how) => odd(`pipelining: ${how}`, (server) => server.breaksPipelining(how))),
  fc.constant(odd('lock step', (server) => server.lockStepOnly())),
  fc.constant(odd('no STARTTLS', (server) => server.hides('STARTTLS'))),
  reply.map((text) => odd(`greets ${JSON.stringify(text)}`, (server) => server.greets(text))),
  hostileText.map((text) =>
    odd(`greets 220 ${JSON.stringify(text)}`, (server) => server.greets(`220 ${text.replaceAll(/[\r\n]/g, ' ')}`)),
  ),
  fc
    .constantFrom('garbage' as const, 'hang up' as const, 'silence' as const)
    .map((how) => odd(`handshake: ${how}`, (server) => server.shakesHands(how))),
  fc
    .uint8Array({ minLength: 1, maxLength: 60 })
    .map((bytes) =>
      odd(`RCPT: bytes ${Buffer.from(bytes).toString('hex')}`, (server) => server.onRcpt(() => Buffer.from(bytes))),
    ),
);

const base: fc.Arbitrary<Oddity> = fc.constantFrom(
  odd('closed', (server) => server),
  odd('open', (server) => server.relaysWhen(() => true)),
  odd('open inside TLS', (server) => server.relaysWhen(({ dialogue }) => dialogue.tls)),
  odd('open for one domain', (server) => server.relaysWhen(({ destination }) => destination.outside === 'example.org')),
  odd('open to its own senders', (server) =>
    server.relaysWhen(({ dialogue }) => /@example\.test$/.test(dialogue.sender ?? '')),
  ),
);

/** A server with up to four oddities. */
export const hostileWorld: fc.Arbitrary<World> = fc
  .tuple(base, fc.array(oddity, { maxLength: 4 }))
  .map(([below, oddities]) => ({
    words: [below, ...oddities].map(({ words }) => words).join('; '),
    make: () => oddities.reduce((server, { over }) => over(server), below.over(mta())),
  }));
