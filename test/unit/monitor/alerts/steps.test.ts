import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Severity } from '../../../../src/model/judgement.ts';
import type { Heard } from '../../../../src/monitor/alerts/heard.ts';
import type { Incident, IncidentKind } from '../../../../src/monitor/alerts/incident.ts';
import { askAgainAt, type StepRules, step } from '../../../../src/monitor/alerts/steps.ts';

const minute = 60_000;
const hour = 60 * minute;
const rules: StepRules = { confirm: 2 * minute, recover: 1 };

interface Said {
  readonly what: Heard['what'];
  readonly kind?: IncidentKind;
  readonly severity?: Severity;
  readonly members?: readonly string[];
  readonly isSure?: boolean;
  readonly mustTell?: boolean;
  /** Milliseconds since the run before. */
  readonly after?: number;
}

const heard = ({ what, kind = 'finding', severity = 'high', members = ['192.0.2.1'], ...rest }: Said): Heard => ({
  trouble: { kind, monitor: 'mx', host: 'mx.example.com', port: 25, probe: kind === 'unreachable' ? '' : 'open-relay' },
  what,
  severity,
  members,
  before: null,
  now: { verdict: 'fail', because: `it ${what}`, quotes: [] },
  headline: 'It relays',
  fix: null,
  isSure: false,
  mustTell: false,
  ...rest,
});

/** What happens as one run says this, and the next that; an hour lies between two, unless they say otherwise. */
function told(says: readonly (Said | Heard['what'])[], by: StepRules = rules) {
  let last: Incident | null = null;
  let at = Date.parse('2026-11-02T00:00:00Z');
  const lines: string[] = [];
  const incidents: Incident[] = [];
  for (const one of says) {
    const said = typeof one === 'string' ? { what: one } : one;
    at += said.after ?? hour;
    const { incident, happened } = step(last, heard(said), by, { at, run: `run ${at}` });
    if (incident === null) expect(happened).toEqual([]);
    last = incident ?? last;
    if (incident !== null) incidents.push(incident);
    lines.push(happened.map(({ what, text }) => (what === 'closed' ? `closed ${text}` : what)).join(', '));
  }
  return { lines, last: last as Incident | null, incidents };
}

const fails = 'fails' as const;
const passes = 'passes' as const;
const doubt = 'doubt' as const;
const silent = { what: fails, kind: 'unreachable' } as const;
const untold = { what: fails, kind: 'untold' } as const;

describe('what one run after another makes of an incident', () => {
  test.each<[string, (Said | Heard['what'])[], string[]]>([
    ['a pass is none', [passes, doubt, 'left', 'waived'], ['', '', '', '']],
    ['a fail is asked again before it is told', [fails, fails], ['suspected', 'opened']],
    ['what is over by then was nothing', [fails, passes, passes], ['suspected', 'closed unconfirmed', '']],
    ['doubt does not confirm', [fails, doubt, doubt, fails], ['suspected', 'doubted', '', 'opened']],
    ['what the scan has proved twice is told at once', [{ what: fails, isSure: true }], ['opened']],
    ['a pass ends it', [fails, fails, passes, passes], ['suspected', 'opened', 'closed recovered', '']],
    [
      'doubt neither ends nor opens it',
      [fails, fails, doubt, doubt, fails, doubt, passes],
      ['suspected', 'opened', 'doubted', '', 'seen-again', 'doubted', 'closed recovered'],
    ],
    ['a host that has left', [fails, fails, 'left'], ['suspected', 'opened', 'closed left']],
    ['a question that is not put any more', [fails, fails, 'dropped'], ['suspected', 'opened', 'closed dropped']],
    ['a waiver', [fails, fails, 'waived'], ['suspected', 'opened', 'closed waived']],
    ['less than what is told', [fails, fails, 'lighter'], ['suspected', 'opened', 'closed lighter']],
    [
      'worse is told, and lighter is not',
      [fails, fails, { what: fails, severity: 'critical' }, { what: fails, severity: 'medium' }],
      ['suspected', 'opened', 'worse', ''],
    ],
    [
      'an address that joins, and one that leaves',
      [fails, fails, { what: fails, members: ['192.0.2.1', '192.0.2.2'] }, { what: fails, members: ['192.0.2.2'] }],
      ['suspected', 'opened', 'joined', 'left'],
    ],
    [
      'a server must be silent three times',
      [silent, silent, silent, { ...silent, what: passes }],
      ['suspected', '', 'opened', 'closed recovered'],
    ],
    [
      'and a quarter of an hour',
      [silent, { ...silent, after: minute }, { ...silent, after: minute }, { ...silent, after: 14 * minute }],
      ['suspected', '', '', 'opened'],
    ],
    [
      'what cannot be told must not be told three times',
      [untold, untold, untold, { ...untold, what: passes }],
      ['suspected', '', 'opened', 'closed recovered'],
    ],
    ['unless the policy wants it told', [{ ...untold, mustTell: true }], ['opened']],
  ])('%s', (_, says, lines) => expect(told(says).lines).toEqual(lines));

  test('what comes and goes three times a day is told once, stays open, and ends after four equal runs', () => {
    const { lines, last } = told([
      ...[fails, passes, fails, passes],
      fails,
      ...[passes, fails, passes, passes, passes],
      passes,
      passes,
    ]);
    expect(lines).toEqual([
      'suspected',
      'closed unconfirmed',
      'suspected',
      'closed unconfirmed',
      'flapping',
      ...['', '', '', '', ''],
      'closed recovered',
      '',
    ]);
    expect(last?.flappingSince).not.toBeNull();
  });

  test('one that flaps and stays broken tells that, and is an ordinary one from then on', () => {
    const { lines, last } = told([fails, passes, fails, passes, fails, fails, fails, fails, passes]);
    expect(lines.slice(4)).toEqual(['flapping', '', '', 'settled', 'closed recovered']);
    expect(last?.openings).toEqual([]);
  });

  test('twice a day is no flapping, nor is thrice within two days', () => {
    const apart = { what: fails, after: 20 * hour };
    expect(told([apart, passes, apart, passes, apart, fails]).lines.at(-1)).toBe('opened');
  });

  test('several passes, where the file wants them', () => {
    const { lines } = told([fails, fails, passes, fails, passes, passes], { ...rules, recover: 2 });
    expect(lines).toEqual(['suspected', 'opened', '', '', '', 'closed recovered']);
  });

  test('without confirm a fail is told at once', () =>
    expect(told([fails], { ...rules, confirm: 0 }).lines).toEqual(['opened']));

  test('an acknowledgement ends where it gets worse', () => {
    const { last } = told([fails, fails]);
    if (last === null) throw new Error('nothing is open');
    const acked: Incident = { ...last, ackedAt: 1, ackedBy: 'anna' };
    const worse = step(acked, heard({ what: fails, severity: 'critical' }), rules, { at: 2, run: null });
    expect(worse.happened.map(({ what }) => what)).toEqual(['unacked', 'worse']);
    expect(worse.incident).toMatchObject({ ackedAt: null, ackedBy: null });
    const same = step(acked, heard({ what: fails }), rules, { at: 2, run: null });
    expect(same.incident).toMatchObject({ ackedAt: 1, ackedBy: 'anna' });
  });

  test('the end says what it was and what it is', () => {
    const { last } = told([fails, fails, passes]);
    expect(last).toMatchObject({ before: { because: 'it fails' }, now: { because: 'it passes' }, members: [] });
  });
});

test('what is suspected is asked again, silence for as long as it has to last', () => {
  const at = Date.parse('2026-11-02T01:00:00Z');
  const [finding] = told([fails]).incidents;
  const [first, second] = told([silent, { ...silent, after: 2 * minute }]).incidents;
  const [unsure] = told([untold]).incidents;
  if (!(finding && first && second && unsure)) throw new Error('nothing is suspected');
  expect(askAgainAt(finding, rules, at)).toBe(at + 2 * minute);
  expect(askAgainAt(first, rules, at)).toBe(at + 2 * minute);
  expect(askAgainAt(second, rules, at + 2 * minute)).toBe(at + 15 * minute);
  expect(askAgainAt(unsure, rules, at)).toBeNull();
  expect(askAgainAt({ ...finding, state: 'open' }, rules, at)).toBeNull();
});

describe('whatever runs say', () => {
  const said = fc.record({
    what: fc.constantFrom<Heard['what'][]>(fails, passes, doubt, 'left', 'dropped', 'waived', 'lighter'),
    severity: fc.constantFrom<Severity[]>('medium', 'high', 'critical'),
    isSure: fc.boolean(),
    after: fc.integer({ min: 1, max: 30 * hour }),
    kind: fc.constantFrom<IncidentKind[]>('finding', 'unreachable', 'untold'),
  });
  const sequences = fc
    .tuple(fc.constantFrom<IncidentKind[]>('finding', 'unreachable', 'untold'), fc.array(said, { maxLength: 60 }))
    .map(([kind, says]) => says.map((one) => ({ ...one, kind })));
  const by = fc.record({ confirm: fc.constantFrom(0, minute, hour), recover: fc.integer({ min: 1, max: 3 }) });

  test('what is told begins and ends in turn, and each is told of what it was', () => {
    fc.assert(
      fc.property(sequences, by, (says, given) => {
        const { lines } = told(says, given);
        let isOpen = false;
        for (const line of lines.flatMap((one) => one.split(', '))) {
          if (line === 'opened' || line === 'flapping') {
            expect(isOpen).toBe(false);
            isOpen = true;
          }
          if (line === 'worse' || line === 'settled') expect(isOpen).toBe(true);
          if (!line.startsWith('closed')) continue;
          expect(line === 'closed unconfirmed').toBe(!isOpen);
          isOpen = false;
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('nothing happens without a change of what is said', () => {
    fc.assert(
      fc.property(sequences, said, (says, same) => {
        const kind = says[0]?.kind ?? 'finding';
        const steady = Array.from({ length: 8 }, () => ({ ...same, kind }));
        const { lines } = told([...says, ...steady, ...steady], rules);
        expect(lines.slice(says.length + steady.length)).toEqual(steady.map(() => ''));
      }),
      { numRuns: 1000 },
    );
  });

  test('what fails at the end, and has for long, is open; what passes is not', () => {
    fc.assert(
      fc.property(sequences, fc.boolean(), (says, isFailing) => {
        const kind = says[0]?.kind ?? 'finding';
        const steady = Array.from({ length: 4 }, () => ({ what: isFailing ? fails : passes, kind }));
        expect(told([...says, ...steady]).last?.state ?? 'closed').toBe(isFailing ? 'open' : 'closed');
      }),
      { numRuns: 1000 },
    );
  });
});
