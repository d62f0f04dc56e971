import { describe, expect, test } from 'vitest';
import { sideBySide } from '../../src/budget/side-by-side.ts';
import type { Report } from '../../src/index.ts';
import { findingOf, firstFour, type Scanned, scanServer, verdictsOf } from '../fakes/scan-server.ts';
import { mta, type ScriptedServer } from '../fakes/scripted-server.ts';
import { expectQuotesToStand } from '../support/quotes.ts';

/** A way to misbehave, laid over a closed server or an open one. */
type Trouble = readonly [string, (server: ScriptedServer) => ScriptedServer];

const closed = () => mta();
const open = () => mta().relaysWhen(() => true);

const clean: Readonly<Record<string, string>> = {
  hello: 'pass',
  'starttls-works': 'pass',
  'starttls-offer': 'pass',
  'open-relay': 'pass',
};
/** Short, for peers that keep us waiting: these tests are made of waiting. */
const short = { replySeconds: 0.35, handshakeSeconds: 0.35, dialogueSeconds: 1.5, quitSeconds: 0.05 };
/** For peers that mean to answer. */
const patient = { replySeconds: 60, handshakeSeconds: 60, dialogueSeconds: 300, quitSeconds: 1 };

/** What such a peer does wrong in truth may be said of it. */
const deserved: Readonly<Record<string, readonly string[]>> = {
  'a garbled handshake': ['starttls-works'],
  'STARTTLS and no TLS': ['starttls-works'],
  'yes to everything': ['starttls-works', 'starttls-offer'],
  'no to everything': ['starttls-works', 'starttls-offer'],
};

/**
 * Scans a server with each trouble laid over it, many at a time, and collects what is wrong with what is said of it.
 */
async function complaints(
  troubles: readonly Trouble[],
  below: () => ScriptedServer,
  wrong: (report: Report, what: string) => readonly string[],
  restraint: Scanned['restraint'] = short,
  probes: readonly string[] = firstFour,
): Promise<string[]> {
  const found = await sideBySide(troubles, 30, async ([what, over]) => {
    await using server = await over(below()).start();
    const report = await scanServer(server, { probes, restraint: restraint ?? {} });
    expectQuotesToStand(report);
    const bugs = report.endpoints[0]?.findings.filter(({ verdict }) => verdict === 'error') ?? [];
    const all = [...bugs.map(({ probe, because }) => `${probe}: ${because}`), ...wrong(report, what)];
    return all.map((complaint) => `${what}: ${complaint}`);
  });
  return found.flat();
}

/** Whatever is said must be what is said of the clean twin, or nothing; and a pass of open-relay leaves nothing out. */
function falseWords(report: Report, what: string): string[] {
  const words = Object.entries(verdictsOf(report))
    .filter(
      ([probe, said]) => said !== clean[probe] && !said.startsWith('inconclusive') && !deserved[what]?.includes(probe),
    )
    .map(([probe, said]) => `${probe} says ${said}, ${findingOf(report, probe).because}`);
  const { verdict, measured } = findingOf(report, 'open-relay');
  const untested = verdict === 'pass' ? ((measured?.untested ?? []) as readonly string[]) : [];
  return [...words, ...untested.map((shape) => `open-relay passes, untested ${shape}`)];
}

function unlikeTwin(report: Report): string[] {
  const words = Object.entries(verdictsOf(report)).filter(([probe, said]) => said !== clean[probe]);
  return words.map(([probe, said]) => `${probe} says ${said}, ${findingOf(report, probe).because}`);
}

function relayPasses(report: Report): string[] {
  const { verdict, because } = findingOf(report, 'open-relay');
  return verdict === 'pass' ? [`open-relay passes, ${because}`] : [];
}

const count = (length: number) => Array.from({ length }, (_, index) => index);
const everyThird = (troubles: readonly Trouble[]) => troubles.filter((_, index) => index % 3 === 0);

describe.concurrent('a peer whose bytes come in another way', () => {
  const cuts: readonly Trouble[] = count(60).map((offset) => [
    `cut at ${offset + 1}`,
    (server) => server.cutsAt(offset + 1),
  ]);
  const ways: readonly Trouble[] = [
    ['two packets, 5 ms apart', (server) => server.cutsAt(7, 5)],
    ['twenty octets at a time', (server) => server.drips(20)],
    ['a greeting in two lines', (server) => server.greets('220-mx.example.test\n220 ESMTP')],
    ['a greeting in two packets', (server) => server.greets('220-mx.example.test', '220 ESMTP')],
    [
      'a greeting in two packets, 100 ms apart',
      (server) => server.greets('220-mx.example.test', '220 ESMTP').pauses(100),
    ],
    ['two last greeting lines', (server) => server.greets('220 mx.example.test\n220 ESMTP')],
    ['two last greeting lines in two packets', (server) => server.greets('220 mx.example.test', '220 ESMTP')],
    ['two last greeting lines, 50 ms apart', (server) => server.greets('220 mx.example.test', '220 ESMTP').pauses(50)],
    ['lock step', (server) => server.lockStepOnly()],
    [
      'bytes behind the 220 of STARTTLS',
      (server) => server.onStarttls(() => ({ say: '220 go\n250 more', and: 'start TLS' })),
    ],
  ];
  const slow: Trouble = ['two packets, 200 ms apart', (server) => server.cutsAt(7, 200)];

  test('is judged like its clean twin', async () => {
    expect(await complaints([slow, ...cuts, ...ways], closed, unlikeTwin, patient)).toEqual([]);
  });

  test('fails when it is open', async () => {
    const spared = (report: Report) =>
      findingOf(report, 'open-relay').verdict === 'fail' ? [] : [findingOf(report, 'open-relay').because];
    expect(await complaints([...cuts.filter((_, index) => index % 6 === 0), ...ways], open, spared, patient)).toEqual(
      [],
    );
  });
});

describe.concurrent('a peer that goes away', () => {
  const troubles: readonly Trouble[] = count(31).flatMap((after): Trouble[] => [
    [`hangs up after ${after}`, (server) => server.hangsUpAfter(after)],
    [`resets after ${after}`, (server) => server.resetsAfter(after)],
    [`421 at ${after}`, (server) => server.says421At(after)],
    [`silent after ${after}`, (server) => server.fallsSilentAfter(after)],
  ]);

  test('is not misjudged when it is closed', async () => {
    expect(await complaints(troubles, closed, falseWords)).toEqual([]);
  });

  test('does not pass when it is open', async () => {
    expect(await complaints(everyThird(troubles), open, relayPasses)).toEqual([]);
  });
});

describe.concurrent('a peer that is no mail server, or a strange one,', () => {
  const verbs = ['EHLO', 'HELO', 'MAIL', 'RCPT', 'RSET', 'STARTTLS'];
  const strange: readonly Trouble[] = [
    ['never greets', (server) => server.greets()],
    ['greets with half a line', (server) => server.greets(Buffer.from('220 mx.exam'))],
    ['greets with half a reply', (server) => server.greets('220-mx.example.test')],
    ['greets and hangs up', (server) => server.greets({ say: '220 mx.example.test', and: 'hang up' })],
    ['an endless line', (server) => server.greets({ and: 'endless line' })],
    ['an endless reply', (server) => server.greets({ and: 'endless reply' })],
    ['endless greetings', (server) => server.greets({ and: 'endless replies' })],
    ['an endless line for EHLO', (server) => server.onEhlo(() => ({ and: 'endless line' }))],
    ['an endless reply to EHLO', (server) => server.onEhlo(() => ({ and: 'endless reply' }))],
    ['an endless reply to RCPT', (server) => server.onRcpt(() => ({ and: 'endless reply' }))],
    ['endless replies to RCPT', (server) => server.onRcpt(() => ({ and: 'endless replies' }))],
    ['garbage', (server) => server.greets(Buffer.from([0, 255, 1, 254, 10, 13, 10, 27, 91, 50, 74, 10]))],
    ['SSH', (server) => server.greets('SSH-2.0-OpenSSH_9.9')],
    ['HTTP', (server) => server.greets('HTTP/1.1 400 Bad Request\nContent-Length: 0\n')],
    [
      'an echo',
      (server) => server.on([...verbs, 'QUIT'], ({ verb, argument }) => Buffer.from(`${verb} ${argument}\r\n`)),
    ],
    ['yes to everything', (server) => server.on([...verbs, 'QUIT'], () => '250 yes')],
    ['no to everything', (server) => server.on(verbs, () => '550 no')],
    ['354 to everything', (server) => server.on(['MAIL', 'RCPT', 'RSET', 'STARTTLS'], () => '354 go ahead')],
    ['garbage to RCPT', (server) => server.onRcpt(() => Buffer.from('\0\x1b[2J\xff\r\n', 'latin1'))],
    ['codes that differ', (server) => server.onRcpt(() => '250-yes\n550 no')],
    ['an empty line to RCPT', (server) => server.onRcpt(() => Buffer.from('\r\n'))],
    ['a garbled handshake', (server) => server.shakesHands('garbage')],
    ['a handshake cut short', (server) => server.shakesHands('hang up')],
    ['a handshake never answered', (server) => server.shakesHands('silence')],
    ['STARTTLS and no TLS', (server) => server.onStarttls(() => '220 go')],
  ];
  const limited: readonly Trouble[] = [
    ['one connection at once', (server) => server.connectionsAtOnce(1)],
    ['two new connections', (server) => server.connectionsInAll(2)],
    ['one error', (server) => server.errorLimit(1)],
    ['three errors', (server) => server.errorLimit(3)],
  ];

  test('is not misjudged when it is closed', async () => {
    const wrong = (report: Report, what: string) => [...falseWords(report, what), ...relayPasses(report)];
    expect(await complaints(strange, closed, wrong)).toEqual([]);
    expect(await complaints(limited, closed, falseWords, patient)).toEqual([]);
  });

  test('does not pass when it is open', async () => {
    expect(await complaints(strange, open, relayPasses)).toEqual([]);
    expect(await complaints(limited, open, relayPasses, patient)).toEqual([]);
  });
});

describe.concurrent('a peer out of step', () => {
  const replies = ['250 2.0.0 Ok', '554 5.7.1 <x@outside.test>: Relay access denied', '220 hello again'];
  const always: readonly Trouble[] = count(34).flatMap((at): Trouble[] => [
    ...replies.map(
      (reply): Trouble => [
        `"${reply.slice(0, 3)}" too many before reply ${at}`,
        (server) => server.addsReply(reply, { at, place: 'before' }),
      ],
    ),
    ...replies.map(
      (reply): Trouble => [
        `"${reply.slice(0, 3)}" too many after reply ${at}`,
        (server) => server.addsReply(reply, { at, place: 'after' }),
      ],
    ),
    [`a reply too few at ${at}`, (server) => server.swallowsReply({ at })],
  ]);
  const once: readonly Trouble[] = count(36).flatMap((step): Trouble[] => {
    const at = 1 + step * 4;
    return [
      ...replies
        .slice(0, 2)
        .map(
          (reply): Trouble => [
            `"${reply.slice(0, 3)}" too many at command ${at} of all`,
            (server) => server.addsReply(reply, { at, of: 'scan', place: 'before' }),
          ],
        ),
      [`a reply too few at command ${at} of all`, (server) => server.swallowsReply({ at, of: 'scan' })],
    ];
  });

  test('in every connection is not misjudged when it is closed', async () => {
    expect(await complaints(always, closed, falseWords)).toEqual([]);
  });

  test('in every connection does not pass when it is open', async () => {
    expect(await complaints(everyThird(always), open, relayPasses)).toEqual([]);
  });

  test('once is not misjudged when it is closed', async () => {
    expect(await complaints(once, closed, falseWords)).toEqual([]);
  });

  test('once does not pass when it is open', async () => {
    expect(await complaints(everyThird(once), open, relayPasses)).toEqual([]);
  });

  test('does not hide that one form is open', async () => {
    const once = count(30).map((step): Trouble => {
      const at = 60 + 2 * step;
      return [`a reply too few at command ${at} of all`, (server) => server.swallowsReply({ at, of: 'scan' })];
    });
    const always = count(26).map((step): Trouble => {
      const at = 3 + step;
      return [`a reply too few at ${at}`, (server) => server.swallowsReply({ at })];
    });
    const openForOne = () => mta().relaysWhen(({ address }) => address.endsWith('%scanner.test@mx.example.test'));
    expect(await complaints([...once, ...always], openForOne, relayPasses)).toEqual([]);
  });
});

describe('every other probe', () => {
  test('meets a strange peer without an error of ours', async () => {
    const peers: readonly Trouble[] = [
      ['closed', (server) => server],
      ['open', (server) => server.relaysWhen(() => true)],
      ['in lock step', (server) => server.lockStepOnly()],
      ['without STARTTLS', (server) => server.hides('STARTTLS')],
      [
        'with AUTH',
        (server) =>
          server.offers('AUTH PLAIN LOGIN CRAM-MD5').on('AUTH', () => '535 5.7.8 Error: authentication failed'),
      ],
      [
        '354 to everything',
        (server) => server.on(['MAIL', 'RCPT', 'RSET', 'VRFY', 'EXPN', 'AUTH'], () => '354 go ahead'),
      ],
      ['334 to AUTH', (server) => server.offers('AUTH PLAIN').on('AUTH', () => '334 ')],
      [
        'garbage to everything',
        (server) =>
          server.on(['MAIL', 'RCPT', 'RSET', 'VRFY', 'EXPN', 'AUTH', 'STARTTLS'], () =>
            Buffer.from('\0\x1b[2J\xff\r\n', 'latin1'),
          ),
      ],
      ['a garbled handshake', (server) => server.shakesHands('garbage')],
      ['a handshake never answered', (server) => server.shakesHands('silence')],
      ...count(12).flatMap((at): Trouble[] => [
        [`hangs up after ${at}`, (server) => server.hangsUpAfter(at)],
        [`421 at ${at}`, (server) => server.says421At(at)],
        [`silent after ${at}`, (server) => server.fallsSilentAfter(at)],
        [`a reply too many at ${at}`, (server) => server.addsReply('250 2.0.0 Ok', { at, place: 'before' })],
        [`a reply too few at ${at}`, (server) => server.swallowsReply({ at })],
      ]),
    ];
    const nothing = () => [];
    expect(await complaints(peers, closed, nothing, short, [])).toEqual([]);
  });
});
