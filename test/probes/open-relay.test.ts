import { describe, expect, test } from 'vitest';
import { openRelay } from '../../probes/open-relay.ts';
import { type RelayForm, relayForms } from '../../src/kit/relay/forms.ts';
import type { RelayData } from '../../src/kit/relay/observed.ts';
import type { RelayOpening, RelayPhase } from '../../src/kit/relay/phase.ts';
import type { Finding } from '../../src/model/report.ts';
import { findingOf, type Scanned, scanServer } from '../fakes/scan-server.ts';
import { mta, type ScriptedServer } from '../fakes/scripted-server.ts';
import { denied, type Turn } from '../fakes/stock-mta.ts';
import { expectObservationsToFit } from '../support/observations.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { exchange } from '../unit/kit/replies.ts';
import { judge, said } from './judged.ts';

async function scanned(server_: ScriptedServer, options: Scanned = {}) {
  await using server = await server_.start();
  const report = await scanServer(server, { probes: ['open-relay'], ...options });
  expectQuotesToStand(report);
  expectObservationsToFit(report);
  expect(server.commands.filter((command) => /^(DATA|BDAT)/i.test(command))).toEqual([]);
  expect(server.withoutQuit).toEqual([]);
  return { finding: findingOf(report, 'open-relay'), server };
}

const of = async (server: ScriptedServer, options: Scanned = {}) => (await scanned(server, options)).finding;
const verdict = ({ verdict: told, doubt }: Finding) => (doubt === undefined ? told : `${told}(${doubt})`);
const list = (finding: Finding, name: 'accepted' | 'refused' | 'untested') =>
  (finding.measured?.[name] ?? []) as readonly string[];
const sender = ({ dialogue }: Turn) => dialogue.sender ?? '';

describe('a closed server', () => {
  test('passes, having refused every shape in clear and inside TLS', async () => {
    const finding = await of(mta());
    expect(verdict(finding)).toBe('pass');
    expect(list(finding, 'untested')).toEqual([]);
    expect(list(finding, 'refused').filter((id) => !id.startsWith('tls:')).length).toBeGreaterThanOrEqual(24);
    expect(list(finding, 'refused').filter((id) => id.startsWith('tls:')).length).toBeGreaterThanOrEqual(12);
    expect(finding.measured).toMatchObject({
      tls: 'starttls',
      vantage: 'outside',
      control: 'postmaster@example.test',
      domain: 'example.test',
    });
  });

  test.each<[string, () => ScriptedServer, Scanned]>([
    ['in lock step', () => mta().lockStepOnly(), {}],
    [
      'with 454, as stock Postfix',
      () =>
        mta().onRcpt(({ destination, address }) =>
          destination.outside === null ? undefined : denied(address).replace('554 5', '454 4'),
        ),
      {},
    ],
    [
      'in the words of OpenSMTPD',
      () =>
        mta().onRcpt(({ destination, address }) =>
          destination.outside === null ? undefined : `550 Invalid recipient: <${address}>`,
        ),
      {},
    ],
    [
      'in the words of Exim',
      () => mta().onRcpt(({ destination }) => (destination.outside === null ? undefined : '550 relay not permitted')),
      {},
    ],
    [
      'in words of its own, beside a control that is taken',
      () => mta().onRcpt(({ destination }) => (destination.outside === null ? undefined : '550 5.0.0 not that one')),
      {},
    ],
    [
      'with soft_bounce',
      () =>
        mta().onRcpt(({ destination, address }) =>
          destination.outside === null
            ? undefined
            : denied(address)
                .replace('554 5', '450 4')
                .replace('Relay access denied', 'Recipient address rejected: Access denied'),
        ),
      {},
    ],
    ['without STARTTLS', () => mta().hides('STARTTLS'), {}],
    ['with TLS from the first byte', () => mta().implicitTls(), { tls: 'implicit' }],
    [
      'on a submission port that wants AUTH of everyone',
      () =>
        mta()
          .offers('AUTH PLAIN')
          .onMail(() => '530 5.7.0 Authentication required'),
      { role: 'submission' },
    ],
    [
      'that takes no mail in clear',
      () =>
        mta().onMail(({ dialogue }) => (dialogue.tls ? undefined : '530 5.7.0 Must issue a STARTTLS command first')),
      {},
    ],
    ['without --domain', () => mta(), { domain: null }],
    ['with a mailbox named', () => mta(), { recipient: 'alice@example.test' }],
  ])('passes %s', async (_, server_, options) => {
    const finding = await of(server_(), options);
    expect(verdict(finding)).toBe('pass');
    expect(list(finding, 'refused').length).toBeGreaterThanOrEqual(12);
  });
});

describe('an open relay', () => {
  const routed = /[%!"]|@.*@|^@/;
  test.each<[string, (turn: Turn) => boolean, RegExp]>([
    ['for all', () => true, /./],
    ['for the null sender only', (turn) => sender(turn) === '', /(^|:)null>plain$/],
    ['for its own senders only', (turn) => sender(turn).endsWith('@example.test'), /(user|postmaster)>plain$/],
    ['for its own postmaster only', (turn) => sender(turn) === 'postmaster@example.test', /^(tls:)?postmaster>plain$/],
    ['for senders of localhost only', (turn) => sender(turn).endsWith('@localhost'), /^localhost>plain$/],
    ['for senders at its address only', (turn) => sender(turn).endsWith('@[127.0.0.1]'), /^literal>plain$/],
    ['for senders without a domain only', (turn) => sender(turn) !== '' && !sender(turn).includes('@'), /^bare>plain$/],
    [
      'for those who call themselves by its name only',
      ({ dialogue }) => dialogue.helo === 'mx.example.test',
      /(^|:)own-helo:/,
    ],
    ['where sender and recipient are one', (turn) => sender(turn) === turn.address, /^(tls:)?same>plain$/],
    ['inside TLS only', ({ dialogue }) => dialogue.tls, /^tls:/],
    ['in clear only', ({ dialogue }) => !dialogue.tls, /^(?!tls:)/],
    ['by routed addresses only', ({ address }) => routed.test(address), /(percent|bang|quoted|doubled|route)/],
    ['by % only', ({ address }) => address.includes('%'), /percent/],
    ['by ! only', ({ address }) => address.includes('!'), /bang/],
    ['by quoted local parts only', ({ address }) => address.startsWith('"'), /quoted/],
    ['by source routes only', ({ address }) => address.startsWith('@'), /route@/],
    ['by a second @ only', ({ address }) => /^[^"@]+@[^"@]+@/.test(address), /doubled/],
    [
      'by % at its address only',
      ({ address }) => address.endsWith('@[127.0.0.1]') && address.includes('%'),
      /percent@literal$/,
    ],
  ])('%s fails, and the shapes say how', async (_, holds, shapes) => {
    const finding = await of(mta().relaysWhen(holds));
    expect(verdict(finding)).toBe('fail');
    expect(finding.severity).toBe('critical');
    expect(list(finding, 'accepted').length).toBeGreaterThan(0);
    for (const id of list(finding, 'accepted')) expect(id).toMatch(shapes);
    expect(finding.evidence.every(({ quote }) => quote.startsWith('250 2.1.5 Ok'))).toBe(true);
    expect(Object.keys(finding.fix ?? {})).toContain('postfix');
    expect(finding.because).not.toContain('loopback');
  });

  test('fails in lock step, and with TLS from the first byte', async () => {
    expect(
      verdict(
        await of(
          mta()
            .lockStepOnly()
            .relaysWhen(() => true),
        ),
      ),
    ).toBe('fail');
    expect(
      verdict(
        await of(
          mta()
            .implicitTls()
            .relaysWhen(() => true),
          { tls: 'implicit' },
        ),
      ),
    ).toBe('fail');
    expect(
      verdict(
        await of(
          mta().relaysWhen(() => true),
          { role: 'submission' },
        ),
      ),
    ).toBe('fail');
  });

  test('is told from one that takes everything, unknown users too', async () => {
    const sink = await of(mta().onRcpt(() => '250 2.1.5 Ok'));
    expect(verdict(sink)).toBe('fail');
    expect(sink.because).toContain('as a mail sink would');
    const relay = await of(mta().relaysWhen(() => true));
    expect(relay.because).not.toContain('as a mail sink would');
  });

  test('is none where we are trusted by the user’s own word', async () => {
    const finding = await of(
      mta().relaysWhen(() => true),
      { vantage: 'trusted' },
    );
    expect(verdict(finding)).toBe('inconclusive(ambiguous)');
  });

  test('may be none where the domain that is taken is ours, which it may host', async () => {
    const hosted = mta().relaysWhen(({ destination }) => destination.outside === 'scanner.test');
    const finding = await of(hosted);
    expect(verdict(finding)).toBe('inconclusive(ambiguous)');
    expect(list(finding, 'accepted')).toEqual(['outside>plain@scanner.test']);
    expect(finding.because).toMatch(/for scanner\.test, and not for others.*--external/);
    expect(finding.measured?.external).toBe('mxprobe-relay-test@example.net');
  });

  test('is none by further domains that take no mail', async () => {
    const finding = await of(
      mta().onRcpt(({ destination }) =>
        destination.outside?.startsWith('example.')
          ? '556 5.1.10 Recipient address rejected: Domain does not accept mail (nullMX)'
          : undefined,
      ),
    );
    expect(verdict(finding)).toBe('pass');
  });

  test.each([
    ['the first that is asked for', { helo: '[127.0.0.1]' }],
    ['another', {}],
  ])('for some domains is one all the same: %s', async (_, options) => {
    const some = mta().relaysWhen(({ destination }) => destination.outside === 'example.net');
    const finding = await of(some, options);
    expect(verdict(finding)).toBe('fail');
    expect(list(finding, 'accepted')).toEqual(['outside>plain@example.net']);
    expect(finding.because).toContain('for example.net, and not for others');
    expect(list(finding, 'refused')).toContain('outside>plain');
    expect(finding.evidence[0]?.quote).toBe('250 2.1.5 Ok');
  });

  test.each<[string, RegExp, string]>([
    ['whose table has no end', /@example\.test/, 'outside>name-in-domain'],
    ['whose table has no @', /^example\.test@/, 'outside>name-as-user'],
    ['whose table has no beginning', /\+example\.test@/, 'outside>name-in-user'],
  ])('%s', async (_, table, id) => {
    const finding = await of(
      mta().relaysWhen(({ address }) => /^[^"%!]+$/.test(address) && !/@.*@/.test(address) && table.test(address)),
    );
    expect(verdict(finding)).toBe('fail');
    expect(list(finding, 'accepted')).toEqual([id]);
  });

  test('is one for the recipient that the user names', async () => {
    const finding = await of(
      mta().relaysWhen(({ destination }) => destination.outside === 'sink.test'),
      { external: 'me@sink.test' },
    );
    expect(verdict(finding)).toBe('fail');
    expect(list(finding, 'accepted')).toContain('outside>plain');
  });
});

describe('from a place that the server may trust', () => {
  const here = { vantage: null } as const;

  test('nothing tells a relay from a trusted client, where every plain form is taken', async () => {
    const finding = await of(
      mta().relaysWhen(() => true),
      here,
    );
    expect(verdict(finding)).toBe('inconclusive(ambiguous)');
    expect(finding.because).toMatch(/from a loopback address.*scan from outside/);
    expect(finding.evidence[0]?.quote).toBe('250 2.1.5 Ok');
  });

  test('a relay is one where it refuses plain forms', async () => {
    const finding = await of(
      mta().relaysWhen(({ address }) => address.includes('%')),
      here,
    );
    expect(verdict(finding)).toBe('fail');
    expect(finding.because).not.toContain('loopback');
  });
});

describe('what looks like relaying and need not be', () => {
  test('a catch-all that takes any local part, with % in it, too', async () => {
    const catchAll = mta().onRcpt(({ address }) =>
      /@(example\.test|mx\.example\.test|\[127\.0\.0\.1\])$/i.test(address) && !address.startsWith('@')
        ? '250 2.1.5 Ok'
        : undefined,
    );
    const finding = await of(catchAll);
    expect(verdict(finding)).toBe('inconclusive(ambiguous)');
    expect(list(finding, 'accepted')).toEqual([]);
    expect(finding.because).toContain('any local part is taken');
    expect(finding.evidence.map(({ quote }) => quote)).toEqual(['250 2.1.5 Ok', '250 2.1.5 Ok']);
  });

  test('a catch-all that takes bare local parts as well', async () => {
    const catchAll = mta().onRcpt(({ address }) =>
      /^[^@]*(@(example\.test|mx\.example\.test|\[127\.0\.0\.1\]))?$|^".*"(@.*)?$/i.test(address)
        ? '250 2.1.5 Ok'
        : undefined,
    );
    const finding = await of(catchAll);
    expect(verdict(finding)).toBe('inconclusive(ambiguous)');
    expect(list(finding, 'accepted')).toEqual([]);
  });

  test('a server that says yes once, and no when asked again', async () => {
    const seen = new Map<string, number>();
    const fickle = mta().relaysWhen(({ address, dialogue }) => {
      const key = `${dialogue.sender} ${address} ${dialogue.helo} ${dialogue.tls}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      return seen.get(key) === 1 && sender({ dialogue } as Turn) === 'postmaster@example.test';
    });
    expect(verdict(await of(fickle))).toBe('inconclusive(ambiguous)');
  });
});

describe('what is no answer', () => {
  const every = (reply: string | ((turn: Turn) => string)) => () =>
    mta().onRcpt((turn) => (typeof reply === 'string' ? reply : reply(turn)));
  test.each<[string, () => ScriptedServer, string]>([
    [
      'greylisting',
      every(
        ({ address }) => `450 4.2.0 <${address}>: Recipient address rejected: Greylisted, see http://postgrey.example/`,
      ),
      'inconclusive(greylisted)',
    ],
    [
      'a block list',
      every('554 5.7.1 Service unavailable; Client host [127.0.0.1] blocked using dnsbl.example'),
      'inconclusive(client-blocked)',
    ],
    [
      'a missing PTR record',
      every('450 4.7.25 Client host rejected: cannot find your hostname, [127.0.0.1]'),
      'inconclusive(client-blocked)',
    ],
    [
      'our HELO name',
      every('504 5.5.2 <probe.scanner.test>: Helo command rejected: need fully-qualified hostname'),
      'inconclusive(sender-rejected)',
    ],
    ['a limiter', every('450 4.7.1 Error: too many recipients from 127.0.0.1'), 'inconclusive(throttled)'],
    ['server trouble', every('451 4.3.0 Temporary lookup failure'), 'inconclusive(ambiguous)'],
    [
      'a domain of ours that does not resolve',
      () =>
        mta().onRcpt(({ destination, address }) =>
          destination.outside === null
            ? undefined
            : `450 4.1.2 <${address}>: Recipient address rejected: Domain not found`,
        ),
      'inconclusive(ambiguous)',
    ],
    [
      'a domain of ours that takes no mail',
      () =>
        mta().onRcpt(({ destination, address }) =>
          destination.outside === null
            ? undefined
            : `556 5.1.10 <${address}>: Recipient address rejected: Domain ${destination.outside} does not accept mail (nullMX)`,
        ),
      'inconclusive(ambiguous)',
    ],
    ['the same to its own recipient', every(({ address }) => denied(address)), 'inconclusive(ambiguous)'],
    [
      'unknown users everywhere, its own too',
      every(({ address }) => `550 5.1.1 <${address}>: Recipient address rejected: User unknown`),
      'inconclusive(ambiguous)',
    ],
    [
      'soft bounces',
      every(
        ({ address }) => `450 4.1.1 <${address}>: Recipient address rejected: User unknown in local recipient table`,
      ),
      'inconclusive(ambiguous)',
    ],
    [
      'STARTTLS offered, and refused',
      () => mta().onStarttls(() => '454 4.7.0 TLS not available due to local problem'),
      'inconclusive(tls-failed)',
    ],
    [
      'every sender refused',
      () => mta().onMail(({ address }) => `550 5.7.1 <${address}>: Sender address rejected: Access denied`),
      'inconclusive(sender-rejected)',
    ],
    [
      '421 in answer to every RCPT',
      () => mta().onRcpt(() => ({ say: '421 4.7.0 go away', and: 'hang up' })),
      'inconclusive(closed)',
    ],
    [
      '421 of a limiter in answer to every RCPT',
      () => mta().onRcpt(() => ({ say: '421 4.7.0 Too many errors on this connection', and: 'hang up' })),
      'inconclusive(throttled)',
    ],
  ])('%s', async (_, server_, expected) => {
    expect(verdict(await of(server_()))).toBe(expected);
  });

  test.each<[string, () => ScriptedServer]>([
    [
      'at MAIL',
      () =>
        mta().onMail(({ address }) =>
          address.endsWith('@scanner.test')
            ? `450 4.1.8 <${address}>: Sender address rejected: Domain not found`
            : undefined,
        ),
    ],
    [
      'at RCPT, where Postfix says it',
      () =>
        mta().onRcpt((turn) =>
          sender(turn).endsWith('@scanner.test')
            ? `450 4.1.8 <${sender(turn)}>: Sender address rejected: Domain not found`
            : undefined,
        ),
    ],
  ])(
    'a sender whose domain is refused %s gives way to another, and the recipient forms are asked all the same',
    async (_, server_) => {
      const closed = await of(server_());
      expect(verdict(closed)).toBe('pass');
      expect(list(closed, 'refused').filter((id) => /percent|bang|quoted/.test(id)).length).toBeGreaterThan(0);
      const open = await of(
        server_().relaysWhen((turn) => !sender(turn).endsWith('@scanner.test') && turn.address.includes('%')),
      );
      expect(verdict(open)).not.toBe('pass');
    },
  );

  test('a HELO name that is refused gives way to another', async () => {
    const finding = await of(
      mta().onRcpt(({ dialogue }) =>
        dialogue.helo === 'probe.scanner.test'
          ? '450 4.7.1 <probe.scanner.test>: Helo command rejected: Host not found'
          : undefined,
      ),
    );
    expect(verdict(finding)).toBe('pass');
  });

  test('a domain of ours that is refused gives way to another', async () => {
    const closed = mta().onRcpt(({ destination, address }) =>
      destination.outside === 'scanner.test'
        ? `450 4.1.2 <${address}>: Recipient address rejected: Domain not found`
        : undefined,
    );
    const finding = await of(closed);
    expect(verdict(finding)).toBe('pass');
    expect(finding.measured?.external).toBe('mxprobe-relay-test@example.net');
  });

  test('greylisting of an open relay is no refusal', async () => {
    const greylisting = mta()
      .relaysWhen(() => true)
      .onRcpt(({ address }) => `450 4.2.0 <${address}>: Recipient address rejected: Greylisted`);
    expect(verdict(await of(greylisting))).toBe('inconclusive(greylisted)');
  });

  test('greylisting that begins in the middle is no refusal', async () => {
    let asked = 0;
    const greylisting = mta().onRcpt(({ address }) =>
      ++asked > 30 ? `450 4.2.0 <${address}>: Recipient address rejected: Greylisted` : undefined,
    );
    expect(verdict(await of(greylisting))).toBe('inconclusive(greylisted)');
  });

  test('a wrong --domain is never taken for the server’s', async () => {
    const wrong = { domain: 'wrong.test' };
    expect(verdict(await of(mta(), wrong))).toBe('pass');
    const bareRefused = mta().onRcpt(({ address }) =>
      address === 'postmaster' ? '550 5.1.1 <postmaster>: Recipient address rejected: User unknown' : undefined,
    );
    expect(['pass', 'inconclusive(ambiguous)']).toContain(verdict(await of(bareRefused, wrong)));
    const alike = mta().onRcpt(({ address }) => denied(address));
    expect(verdict(await of(alike, wrong))).toBe('inconclusive(ambiguous)');
  });

  test('a hopeless opening costs a few commands, not all shapes', async () => {
    const { server } = await scanned(
      mta().onRcpt(() => '554 5.7.1 Service unavailable; Client host [127.0.0.1] blocked using dnsbl.example'),
    );
    expect(server.commands.filter((command) => command.startsWith('RCPT')).length).toBeLessThan(16);
  });
});

describe('a refusal for another reason', () => {
  /** Takes what it can route, refuses the rest as unroutable, and its own unknown users as unknown. */
  const verifies = (...routable: readonly string[]) =>
    mta().onRcpt(({ destination: { outside } }) =>
      outside === null ? undefined : routable.includes(outside) ? '250 Accepted' : '550 Unrouteable address',
    );

  test('is no refusal to relay: another domain is asked', async () => {
    const finding = await of(verifies('example.net'));
    expect(verdict(finding)).toBe('fail');
    expect(list(finding, 'accepted')).toContain('outside>plain');
    expect(finding.measured?.external).toBe('mxprobe-relay-test@example.net');
  });

  test('leaves the question open where it is all that is said', async () => {
    const finding = await of(verifies());
    expect(verdict(finding)).toBe('inconclusive(ambiguous)');
    expect(finding.because).toContain('--external');
    expect(finding.evidence[0]?.quote).toBe('550 Unrouteable address');
  });

  test('gives way to words of relaying', async () => {
    const closed = mta().onRcpt(({ destination: { outside } }) =>
      outside === 'scanner.test' ? "550 5.1.2 sorry, can't find a valid MX for rcpt domain" : undefined,
    );
    expect(verdict(await of(closed))).toBe('pass');
  });
});

describe('senders that are turned away', () => {
  const ownOnly = () =>
    mta().onMail(({ address }) => {
      if (address.endsWith('@example.test')) return undefined;
      return address === ''
        ? '550 5.7.1 no bounces'
        : `450 4.1.8 <${address}>: Sender address rejected: Domain not found`;
    });

  test('give way to one of its own, by which a relay shows', async () => {
    const finding = await of(ownOnly().relaysWhen((turn) => sender(turn).endsWith('@example.test')));
    expect(verdict(finding)).toBe('fail');
    expect(list(finding, 'accepted')).toContain('postmaster>plain');
  });

  test('leave strangers untold where only its own are taken', async () => {
    const finding = await of(ownOnly());
    expect(verdict(finding)).toBe('inconclusive(sender-rejected)');
    expect(finding.because).toContain('--sender');
  });

  test('in words of its own give way to none', async () => {
    const picky = (open: boolean) =>
      mta()
        .relaysWhen(() => open)
        .onMail(({ address }) => (address === '' ? undefined : '554 5.7.1 not like this'));
    expect(verdict(await of(picky(false)))).toBe('pass');
    expect(verdict(await of(picky(true)))).toBe('fail');
  });
});

describe('a session that is rejected', () => {
  test.each<[string, () => ScriptedServer]>([
    [
      'at each command',
      () => mta().on(['MAIL', 'RCPT', 'VRFY', 'STARTTLS', 'RSET'], () => '550 5.7.1 Command rejected'),
    ],
    ['at each recipient', () => mta().onRcpt(({ address }) => `550 5.7.1 <${address}>... Access denied`)],
  ])('%s says nothing of relaying', async (_, server) => {
    const finding = await of(server());
    expect(verdict(finding)).toBe('inconclusive(client-blocked)');
    expect(finding).toMatchObject({ cause: 'rejected-session' });
    expect(finding.evidence[0]?.quote).toMatch(/Command rejected|Access denied/);
  });

  test('for now says that everything is put off', async () => {
    const finding = await of(mta().on(['MAIL', 'RCPT'], () => '451 4.7.1 Service not for you'));
    expect(verdict(finding)).toBe('inconclusive(ambiguous)');
    expect(finding).toMatchObject({ cause: 'put-off' });
    expect(finding.evidence[0]?.quote).toContain('not for you');
  });

  test('is none where its own recipients are taken', async () => {
    const finding = await of(
      mta().onRcpt(({ address, destination }) =>
        destination.outside === null ? undefined : `550 5.7.1 <${address}>... Access denied`,
      ),
    );
    expect(verdict(finding)).toBe('pass');
  });
});

describe('what a server gets wrong or stands little of', () => {
  const recipients = new Map<number, number>();
  const counted = ({ dialogue }: Turn) => {
    recipients.set(dialogue.connection, (recipients.get(dialogue.connection) ?? 0) + 1);
    return recipients.get(dialogue.connection) ?? 0;
  };
  const ways: readonly [string, (server: ScriptedServer) => ScriptedServer][] = [
    [
      '421 at the seventh recipient',
      (server) => {
        recipients.clear();
        return server.onRcpt((turn) =>
          counted(turn) > 6 ? { say: '421 4.7.0 Too many bad recipients, closing', and: 'hang up' } : undefined,
        );
      },
    ],
    ['a hang-up at the command after an error', (server) => server.hangsUpAfterErrors(1)],
    ['250 at QUIT', (server) => server.on('QUIT', () => ({ say: '250 2.0.0 goodbye', and: 'hang up' }))],
    ['a hang-up at QUIT', (server) => server.on('QUIT', () => ({ and: 'hang up' }))],
    [
      'one recipient a transaction',
      (server) =>
        server.onRcpt(({ dialogue }) => (dialogue.recipients > 1 ? '452 4.5.3 too many recipients' : undefined)),
    ],
    ['PIPELINING that loses the first of a group', (server) => server.breaksPipelining('first lost')],
    ['PIPELINING that holds replies back', (server) => server.breaksPipelining('held back')],
  ];

  test.each(ways)('%s costs no verdict', async (_, over) => {
    expect(verdict(await of(over(mta())))).toBe('pass');
    expect(verdict(await of(over(mta().relaysWhen(() => true))))).toBe('fail');
    const routed = await of(over(mta().relaysWhen(({ address }) => address.includes('!'))));
    expect([verdict(routed), list(routed, 'accepted').length > 1]).toEqual(['fail', true]);
  });

  test('is named where it is PIPELINING', async () => {
    expect((await of(mta().breaksPipelining('first lost'))).because).toContain('PIPELINING');
    expect((await of(mta())).because).not.toContain('PIPELINING');
  });

  test('asks MAIL first for a sender whose domain has no dot: a refusal would make mistakes of what follows', async () => {
    const refusesLocalhost = mta().onMail(({ address }) =>
      address === 'mxprobe@localhost' ? '517 Syntax error.' : undefined,
    );
    const { finding, server } = await scanned(refusesLocalhost);
    expect(verdict(finding)).toBe('pass');
    for (const { commands } of server.connections) {
      const at = commands.indexOf('MAIL FROM:<mxprobe@localhost>');
      if (at >= 0) expect(commands[at + 1]).not.toMatch(/^RCPT/);
    }
  });

  test('makes all sessions work side by side where refusals are slow', async () => {
    const { finding, server } = await scanned(
      mta().tarpits((refusals) => 2100 * refusals),
      {
        restraint: { connectionsPerAddress: 30, replySeconds: 5, dialogueSeconds: 60 },
      },
    );
    expect(verdict(finding)).toBe('pass');
    expect(server.peak).toBeGreaterThan(20);
  });
});

describe('open-relay judges', () => {
  const names = {
    sender: 'mxprobe@scanner.test',
    taken: 'mxprobe@scanner.test',
    external: 'mxprobe-relay-test@example.net',
    elsewhere: [],
    domain: 'example.test',
    server: 'mx.example.test',
    literal: '[192.0.2.1]',
    helo: { ours: 'probe.scanner.test', theirs: 'mx.example.test' },
  };
  const shapes = relayForms(names).slice(0, 3);
  const taken = exchange('RCPT TO:<postmaster@example.test>', '250 2.1.5 Ok');
  const opening: RelayOpening = {
    session: 's1',
    helo: names.helo.ours,
    sender: names.sender,
    external: names.external,
    mail: exchange(`MAIL FROM:<${names.sender}>`, '250 2.1.0 Ok'),
    rcpt: exchange(`RCPT TO:<${names.external}>`, denied(names.external)),
    odd: null,
    controls: [{ recipient: 'postmaster@example.test', exchange: taken }],
    strict: false,
    auth: false,
    cut: null,
  };
  const answer = ({ id, sender: from, recipient }: RelayForm, raw: string) => ({
    id,
    sender: from,
    recipient,
    session: 's1',
    mail: opening.mail,
    rcpt: exchange(`RCPT TO:<${recipient}>`, raw),
    control: taken,
    cut: null,
  });
  const phase = (...replies: readonly (string | null)[]): RelayPhase => ({
    tls: false,
    openings: [opening],
    control: 'postmaster@example.test',
    shapes,
    answers: shapes.flatMap((shape, index) => {
      const raw = replies[index % replies.length];
      return raw === undefined || raw === null ? [] : [answer(shape, raw)];
    }),
    confirmations: [],
    strangers: [],
  });
  const data = (...phases: readonly RelayPhase[]): RelayData => ({
    phases,
    tls: 'not-offered',
    vantage: 'outside',
    submission: false,
    domain: 'example.test',
  });
  const no = denied(names.external);
  const grey = '450 4.2.0 <x>: Recipient address rejected: Greylisted';

  test.each<[string, RelayData, string]>([
    ['all refused', data(phase(no)), 'pass'],
    ['one not asked', data(phase(no, no, null)), 'inconclusive(budget-spent)'],
    ['one greylisted', data(phase(no, grey, no)), 'inconclusive(greylisted)'],
    [
      'one that says nothing of relaying',
      data(phase(no, '451 4.3.0 Temporary lookup failure', no)),
      'inconclusive(ambiguous)',
    ],
    [
      'the doubt that explains most',
      data(
        phase(
          grey,
          '554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using x',
          '451 4.3.0 Temporary lookup failure',
        ),
      ),
      'inconclusive(client-blocked)',
    ],
    [
      'a sender refused, the others refused to relay',
      data(phase(no, '553 5.7.1 <mxprobe@scanner.test>: Sender address rejected: not logged in', no)),
      'pass',
    ],
    ['accepted once', data(phase('250 2.1.5 Ok', no, no)), 'inconclusive(ambiguous)'],
    ['nothing at all', data({ ...phase(no), openings: [], shapes: [], answers: [] }), 'inconclusive(budget-spent)'],
  ])('%s', (_, seen, expected) => {
    expect(said(judge(openRelay, seen))).toBe(expected);
  });

  test('accepted twice', () => {
    const confirmed: RelayPhase = {
      ...phase('250 2.1.5 Ok', no, no),
      confirmations: [
        {
          id: shapes[0]?.id ?? '',
          mail: opening.mail,
          rcpt: exchange('RCPT TO:<x>', '250 2.1.5 Ok'),
          quit: exchange('QUIT', '221 2.0.0 Bye'),
          cut: null,
        },
      ],
    };
    expect(judge(openRelay, data(confirmed))).toMatchObject({
      verdict: 'fail',
      because: expect.not.stringContaining('seen from'),
      measured: { accepted: ['outside>plain'], vantage: 'outside' },
    });
  });

  test.each(['trusted', 'loopback', 'private', 'same-network'] as const)('all taken, seen from %s', (from) => {
    const quit = exchange('QUIT', '221 2.0.0 Bye');
    const again = exchange('RCPT TO:<x>', '250 2.1.5 Ok');
    const confirmations = shapes.map(({ id }) => ({ id, mail: opening.mail, rcpt: again, quit, cut: null }));
    const all = { ...phase('250 2.1.5 Ok'), confirmations };
    expect(judge(openRelay, { ...data(all), vantage: from })).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'ambiguous',
      because: expect.stringContaining(from === 'same-network' ? 'its own network' : from),
      evidence: [{ quote: '250 2.1.5 Ok' }, { quote: '250 2.1.5 Ok' }, { quote: '250 2.1.5 Ok' }],
    });
    const some = { ...phase('250 2.1.5 Ok', no, no), confirmations };
    expect(said(judge(openRelay, { ...data(some), vantage: from }))).toBe('fail');
  });

  test('where every sender but none of the recipients was told about: that says nothing', () => {
    const refused = '553 5.7.1 <mxprobe@scanner.test>: Sender address rejected: not logged in';
    const judgement = judge(openRelay, data(phase(refused)));
    expect(said(judgement)).toBe('inconclusive(sender-rejected)');
    expect(judgement.because).not.toContain('TLS');
  });
});
