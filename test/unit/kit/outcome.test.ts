import { describe, expect, test } from 'vitest';
import type { FormOutcome } from '../../../src/kit/relay/form-outcome.ts';
import { type RelayForm, relayForms } from '../../../src/kit/relay/forms.ts';
import { openingOutcome, sameAnswerToControl } from '../../../src/kit/relay/opening-outcome.ts';
import { outcomesOf } from '../../../src/kit/relay/outcome.ts';
import type { Confirmation, RelayOpening, RelayPhase } from '../../../src/kit/relay/phase.ts';
import type { TransactionAnswer } from '../../../src/kit/transactions/transaction.ts';
import { type Trouble, trouble } from '../../../src/model/trouble.ts';
import { exchange } from './replies.ts';

const shapes = relayForms({
  sender: 'mxprobe@scanner.test',
  taken: 'mxprobe@scanner.test',
  external: 'mxprobe-relay-test@example.net',
  elsewhere: [],
  domain: 'example.test',
  server: 'mx.example.test',
  literal: '[192.0.2.1]',
  helo: { ours: 'probe.scanner.test', theirs: 'mx.example.test' },
});

function shapeOf(id: string): RelayForm {
  const shape = shapes.find((one) => one.id === id);
  if (shape === undefined) throw new Error(`no shape ${id}`);
  return shape;
}

interface Told {
  readonly mail?: string;
  readonly rcpt?: string;
  readonly control?: string;
  readonly cut?: Trouble;
}

function answer(
  { id, sender, recipient }: RelayForm,
  { mail = '250 2.1.0 Ok', rcpt, control, cut }: Told,
): TransactionAnswer {
  return {
    id,
    sender,
    recipient,
    session: 's1',
    mail: cut === undefined ? exchange(`MAIL FROM:<${sender}>`, mail) : null,
    rcpt: rcpt === undefined ? null : exchange(`RCPT TO:<${recipient}>`, rcpt),
    control: control === undefined ? null : exchange('RCPT TO:<postmaster@example.test>', control),
    cut: cut ?? null,
  };
}

const phase = (part: Partial<RelayPhase>): RelayPhase => ({
  tls: false,
  openings: [],
  control: null,
  shapes: [],
  answers: [],
  confirmations: [],
  strangers: [],
  ...part,
});

function outcome(id: string, told: Told, part: Partial<RelayPhase> = {}, closedToStrangers = false) {
  const shape = shapeOf(id);
  return outcomesOf(phase({ shapes: [shape], answers: [answer(shape, told)], ...part }), closedToStrangers)[0];
}

/** `accepted`, `refused`, `untested(doubt)` or, where the shape opens nothing, `excused(doubt)`. */
function said(...args: Parameters<typeof outcome>): string {
  const told = outcome(...args);
  if (told === undefined) return 'nothing';
  return told.kind === 'untested' ? `${told.excused ? 'excused' : 'untested'}(${told.trouble.doubt})` : told.kind;
}

const quotesOf = (told: FormOutcome | undefined) =>
  told === undefined || told.kind === 'untested' ? [] : told.evidence.map(({ quote }) => quote);

const taken = '250 2.1.5 Ok';
const quit = exchange('QUIT', '221 2.0.0 Bye');
const confirmation = (id: string, rcpt: string, part: Partial<Confirmation> = {}): Confirmation => ({
  id,
  mail: exchange('MAIL FROM:<>', '250 2.1.0 Ok'),
  rcpt: exchange('RCPT TO:<>', rcpt),
  quit,
  cut: null,
  ...part,
});

describe('a refused recipient', () => {
  const to = 'mxprobe-relay-test@example.net';
  test.each<[string, string, string | undefined, string]>([
    // What says "no relaying" says it without a control.
    ['Postfix', `554 5.7.1 <${to}>: Relay access denied`, undefined, 'refused'],
    ['Postfix, stock', `454 4.7.1 <${to}>: Relay access denied`, undefined, 'refused'],
    ['Exim', '550 relay not permitted', undefined, 'refused'],
    ['Sendmail', `550 5.7.1 <${to}>... Relaying denied`, undefined, 'refused'],
    ['Exchange', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain', undefined, 'refused'],
    ['wants AUTH', '530 5.7.0 Authentication required', undefined, 'refused'],
    ['wants TLS', '530 5.7.0 Must issue a STARTTLS command first', undefined, 'refused'],
    // What may mean something else needs a control that was taken.
    ['OpenSMTPD, control taken', `550 Invalid recipient: <${to}>`, taken, 'refused'],
    ['OpenSMTPD, control refused', `550 Invalid recipient: <${to}>`, '550 Invalid recipient', 'untested(ambiguous)'],
    // Who looks an outside recipient up speaks of it, not of relaying to it.
    [
      'unknown user, control taken',
      `550 5.1.1 <${to}>: Recipient address rejected: User unknown in local recipient table`,
      taken,
      'untested(ambiguous)',
    ],
    ['unrouteable, control taken', '550 Unrouteable address', taken, 'untested(ambiguous)'],
    ['soft_bounce, control taken', `450 4.7.1 <${to}>: Recipient address rejected: Access denied`, taken, 'refused'],
    [
      'unknown user, no control',
      `550 5.1.1 <${to}>: Recipient address rejected: User unknown in local recipient table`,
      undefined,
      'untested(ambiguous)',
    ],
    ['bad syntax, control taken', '501 5.1.3 Bad recipient address syntax', taken, 'refused'],
    ['no words, control taken', '550 5.0.0 no', taken, 'refused'],
    ['no words, no control', '550 5.0.0 no', undefined, 'untested(ambiguous)'],
    ['for now, control taken', '450 4.0.0 later', taken, 'untested(ambiguous)'],
    [
      'soft bounce, control taken',
      `450 4.1.1 <${to}>: Recipient address rejected: User unknown in local recipient table`,
      taken,
      'untested(ambiguous)',
    ],
    // What is about us or our domain says nothing of relaying, control or not.
    [
      'domain not found',
      `450 4.1.2 <${to}>: Recipient address rejected: Domain not found`,
      taken,
      'untested(ambiguous)',
    ],
    [
      'null MX',
      `556 5.1.10 <${to}>: Recipient address rejected: Domain example.net does not accept mail (nullMX)`,
      taken,
      'untested(ambiguous)',
    ],
    [
      'greylisting',
      `450 4.2.0 <${to}>: Recipient address rejected: Greylisted, see http://postgrey.example/`,
      taken,
      'untested(greylisted)',
    ],
    [
      'a block list',
      '554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using dnsbl.example',
      taken,
      'untested(client-blocked)',
    ],
    [
      'no PTR',
      '450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.9]',
      taken,
      'untested(client-blocked)',
    ],
    ['a limiter', '450 4.7.1 Error: too many recipients from 192.0.2.9', taken, 'untested(throttled)'],
    ['server trouble', `451 4.3.0 <${to}>: Temporary lookup failure`, taken, 'untested(ambiguous)'],
    ['no reply', 'what?', taken, 'untested(ambiguous)'],
    ['354', '354 go ahead', taken, 'untested(ambiguous)'],
    // What is about sender or HELO: the shape opens nothing.
    [
      'the sender',
      '553 5.7.1 <mxprobe@scanner.test>: Sender address rejected: not logged in',
      taken,
      'excused(sender-rejected)',
    ],
    [
      'HELO',
      '504 5.5.2 <probe>: Helo command rejected: need fully-qualified hostname',
      taken,
      'excused(sender-rejected)',
    ],
  ])('%s', (_, rcpt, control, expected) => {
    expect(said('outside>plain', { rcpt, ...(control === undefined ? {} : { control }) })).toBe(expected);
  });

  test('in a form at a place of its own may be unknown there', () => {
    const rcpt = '550 5.1.1 <x>: Recipient address rejected: User unknown in local recipient table';
    expect(said('outside>percent@domain', { rcpt, control: taken })).toBe('refused');
    expect(said('outside>percent@domain', { rcpt })).toBe('untested(ambiguous)');
  });

  test('at a domain that holds its name need not exist', () => {
    const rcpt = '450 4.1.2 <x@example.test.example.net>: Recipient address rejected: Domain not found';
    expect(said('outside>name-in-domain', { rcpt, control: taken })).toBe('excused(ambiguous)');
    expect(said('outside>name-in-user', { rcpt, control: taken })).toBe('untested(ambiguous)');
  });

  test('is quoted', () => {
    const rcpt = `554 5.7.1 <${to}>: Relay access denied`;
    expect(outcome('outside>plain', { rcpt })).toMatchObject({
      kind: 'refused',
      id: 'outside>plain',
      evidence: [{ quote: rcpt }],
    });
  });

  test('on a port that refuses strangers everything needs no control', () => {
    const told = { rcpt: `550 5.7.1 <${to}>: Recipient address rejected: Access denied` };
    expect(said('outside>plain', told, {}, true)).toBe('refused');
    expect(said('outside>plain', told, {}, false)).toBe('untested(ambiguous)');
  });

  test('inside TLS has a name of its own', () => {
    expect(outcome('outside>plain', { rcpt: '550 relay not permitted' }, { tls: true })?.id).toBe('tls:outside>plain');
  });
});

describe('a refused sender', () => {
  test.each([
    ['553 5.1.8 <mxprobe@scanner.test>... Domain of sender address does not exist', 'excused(sender-rejected)'],
    ['550 5.7.1 Sender address rejected: not owned by user', 'excused(sender-rejected)'],
    ['501 5.1.7 Bad sender address syntax', 'excused(sender-rejected)'],
    ['550 5.0.0 no', 'excused(sender-rejected)'],
    ['530 5.7.0 Authentication required', 'refused'],
    ['530 5.7.0 Must issue a STARTTLS command first', 'refused'],
    ['450 4.7.1 Error: too much mail from 192.0.2.9', 'untested(throttled)'],
    ['450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.9]', 'untested(client-blocked)'],
    ['451 4.7.1 Greylisting in action, please come back later', 'untested(greylisted)'],
    ['354 what', 'untested(ambiguous)'],
  ])('"%s"', (mail, expected) => {
    expect(said('outside>plain', { mail })).toBe(expected);
  });
});

describe('an accepted recipient', () => {
  const told = { rcpt: taken };
  const stranger = (host: string, rcpt: string) => ({ host, exchange: exchange(`RCPT TO:<mxprobe-0@${host}>`, rcpt) });

  test.each<[string, string, Partial<RelayPhase>, string]>([
    ['not asked again', 'outside>plain', {}, 'untested(ambiguous)'],
    ['accepted again', 'outside>plain', { confirmations: [confirmation('outside>plain', taken)] }, 'accepted'],
    [
      'accepted with 251',
      'outside>plain',
      { confirmations: [confirmation('outside>plain', '251 2.1.5 will forward')] },
      'accepted',
    ],
    [
      'refused the second time',
      'outside>plain',
      { confirmations: [confirmation('outside>plain', '554 5.7.1 Relay access denied')] },
      'untested(ambiguous)',
    ],
    [
      'deferred the second time',
      'outside>plain',
      { confirmations: [confirmation('outside>plain', '450 4.2.0 Greylisted')] },
      'untested(ambiguous)',
    ],
    [
      'the sender refused the second time',
      'outside>plain',
      { confirmations: [confirmation('outside>plain', taken, { rcpt: null })] },
      'untested(ambiguous)',
    ],
    [
      'accepted again, and EHLO behind it answered as EHLO is',
      'outside>plain',
      { confirmations: [confirmation('outside>plain', taken, { quit: null, inStep: true })] },
      'accepted',
    ],
    [
      'accepted again, out of step',
      'outside>plain',
      { confirmations: [confirmation('outside>plain', taken, { inStep: false })] },
      'untested(ambiguous)',
    ],
    [
      'QUIT not answered in step',
      'outside>plain',
      { confirmations: [confirmation('outside>plain', taken, { quit: exchange('QUIT', '250 2.0.0 Ok') })] },
      'untested(ambiguous)',
    ],
    [
      'QUIT not answered',
      'outside>plain',
      { confirmations: [confirmation('outside>plain', taken, { quit: null })] },
      'untested(ambiguous)',
    ],
    [
      'cut short the second time',
      'outside>plain',
      {
        confirmations: [
          confirmation('outside>plain', taken, {
            quit: null,
            cut: trouble('throttled', 'reply', '421'),
          }),
        ],
      },
      'untested(throttled)',
    ],
    ['another one accepted again', 'outside>plain', { confirmations: [confirmation('null>plain', taken)] }, 'accepted'],
    [
      'another one not accepted again',
      'outside>plain',
      { confirmations: [confirmation('null>plain', '554 no')] },
      'untested(ambiguous)',
    ],
    [
      'at its own place, strangers refused',
      'outside>percent@domain',
      {
        confirmations: [confirmation('outside>percent@domain', taken)],
        strangers: [stranger('example.test', '550 5.1.1 User unknown')],
      },
      'accepted',
    ],
    [
      'at its own place, strangers taken',
      'outside>percent@domain',
      { confirmations: [confirmation('outside>percent@domain', taken)], strangers: [stranger('example.test', taken)] },
      'untested(ambiguous)',
    ],
    [
      'at its own place, strangers not asked',
      'outside>percent@domain',
      { confirmations: [confirmation('outside>percent@domain', taken)] },
      'untested(ambiguous)',
    ],
    [
      'at its own place, strangers asked at another',
      'outside>percent@domain',
      {
        confirmations: [confirmation('outside>percent@domain', taken)],
        strangers: [stranger('mx.example.test', '550 5.1.1 User unknown')],
      },
      'untested(ambiguous)',
    ],
    [
      'without @, strangers refused',
      'outside>percent',
      { confirmations: [confirmation('outside>percent', taken)], strangers: [stranger('', '550 5.1.1 User unknown')] },
      'accepted',
    ],
    [
      'a source route is no place of its own',
      'outside>route@domain',
      { confirmations: [confirmation('outside>route@domain', taken)] },
      'accepted',
    ],
  ])('%s', (_, id, part, expected) => {
    expect(said(id, told, part)).toBe(expected);
  });

  test('quotes the second answer first', () => {
    const again = exchange('RCPT TO:<x>', '250 again');
    const found = outcome('outside>plain', told, {
      confirmations: [confirmation('outside>plain', '', { rcpt: again })],
    });
    expect(quotesOf(found)).toEqual(['250 again', taken]);
  });
});

describe('a missing answer', () => {
  test('keeps the doubt of what cut it short', () => {
    for (const doubt of ['closed', 'timeout', 'throttled', 'tls-failed', 'budget-spent'] as const) {
      expect(said('outside>plain', { cut: trouble(doubt, 'unknown', 'so') })).toBe(`untested(${doubt})`);
    }
  });

  test('to a shape under the server’s own name is excused where that name is refused', () => {
    const cut = trouble('client-blocked', 'reply', 'EHLO mx.example.test was refused: "550 no"', [], { verb: 'EHLO' });
    expect(said('own-helo:outside>plain', { cut })).toBe('excused(client-blocked)');
    expect(said('outside>plain', { cut })).toBe('untested(client-blocked)');
  });

  test('to a shape that was not asked is untested', () => {
    expect(outcomesOf(phase({ shapes: [shapeOf('outside>plain')] }), false)).toMatchObject([
      { kind: 'untested', trouble: { doubt: 'budget-spent', cause: 'restraint' } },
    ]);
  });
});

describe('an opening', () => {
  const opening = (part: Partial<RelayOpening>): RelayOpening => ({
    session: 's1',
    helo: 'probe.scanner.test',
    sender: 'mxprobe@scanner.test',
    external: 'mxprobe-relay-test@example.net',
    mail: exchange('MAIL FROM:<mxprobe@scanner.test>', '250 2.1.0 Ok'),
    rcpt: null,
    odd: null,
    controls: [],
    strict: false,
    auth: false,
    cut: null,
    ...part,
  });
  const rcpt = (raw: string) => ({ rcpt: exchange('RCPT TO:<mxprobe-relay-test@example.net>', raw) });

  test.each<[string, Partial<RelayOpening>, string]>([
    [
      'greylisted',
      rcpt('450 4.2.0 <mxprobe-relay-test@example.net>: Recipient address rejected: Greylisted'),
      'greylisted',
    ],
    ['client blocked', rcpt('554 5.7.1 <unknown[192.0.2.9]>: Client host rejected: Access denied'), 'client-blocked'],
    [
      'HELO refused',
      rcpt('504 5.5.2 <probe>: Helo command rejected: need fully-qualified hostname'),
      'sender-rejected',
    ],
    [
      'sender refused',
      {
        mail: exchange(
          'MAIL FROM:<mxprobe@scanner.test>',
          '550 5.7.1 <mxprobe@scanner.test>: Sender address rejected: no',
        ),
      },
      'sender-rejected',
    ],
    ['limited', rcpt('450 4.7.1 Error: too much mail from 192.0.2.9'), 'throttled'],
    [
      'our domain',
      rcpt(
        '556 5.1.10 <mxprobe-relay-test@example.net>: Recipient address rejected: Domain example.net does not accept mail (nullMX)',
      ),
      'ambiguous',
    ],
    ['cut short', { mail: null, cut: trouble('closed', 'hang-up', 'gone') }, 'closed'],
    ['nothing', { mail: null }, 'ambiguous'],
  ])('that goes no further: %s', (_, part, doubt) => {
    expect(openingOutcome(phase({ openings: [opening(part)] }))).toMatchObject({
      kind: 'untested',
      trouble: { doubt },
      excused: false,
    });
  });

  test('that wants TLS first says so', () => {
    const mail = exchange('MAIL FROM:<mxprobe@scanner.test>', '530 5.7.0 Must issue a STARTTLS command first');
    expect(openingOutcome(phase({ openings: [opening({ mail })] }))).toMatchObject({
      kind: 'tls-required',
      evidence: [{ quote: mail.reply.lines[0].text }],
    });
  });

  test('that was followed by shapes says nothing more', () => {
    expect(
      openingOutcome(
        phase({ openings: [opening(rcpt('554 5.7.1 x: Relay access denied'))], shapes: [shapeOf('outside>plain')] }),
      ),
    ).toBeNull();
  });

  test('that never was is not asked', () => {
    expect(openingOutcome(phase({ tls: true }))).toMatchObject({
      kind: 'untested',
      id: 'tls:outside>plain',
      trouble: { doubt: 'budget-spent' },
    });
  });

  test('whose controls are all told what the outside recipient is told proves nothing', () => {
    const denied = (to: string) => `554 5.7.1 <${to}>: Relay access denied`;
    const control = (recipient: string, raw: string) => ({
      recipient,
      exchange: exchange(`RCPT TO:<${recipient}>`, raw),
    });
    const asked = (...controls: RelayOpening['controls']) =>
      sameAnswerToControl(
        phase({ openings: [opening({ ...rcpt(denied('mxprobe-relay-test@example.net')), controls })] }),
      );
    expect(asked(control('a@wrong.test', denied('a@wrong.test')), control('postmaster', denied('postmaster')))).toBe(
      true,
    );
    expect(asked(control('a@wrong.test', denied('a@wrong.test')), control('postmaster', taken))).toBe(false);
    expect(
      asked(control('a@example.test', '550 5.1.1 <a@example.test>: Recipient address rejected: User unknown')),
    ).toBe(false);
    expect(asked()).toBe(false);
  });
});
