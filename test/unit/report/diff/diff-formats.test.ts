import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { expect, test } from 'vitest';
import { compareReports } from '../../../../src/report/diff/compare.ts';
import { diffToMarkdown } from '../../../../src/report/diff/markdown.ts';
import { diffToTerminal } from '../../../../src/report/diff/terminal.ts';
import { endpointReport, finding, report } from '../handmade.ts';
import { hostileText, reportSaying } from '../hostile.ts';

const page = { width: 100, color: false };
const cite = (quote: string) => [{ session: 's1', event: 0, quote }];
const diff = compareReports(
  report([
    endpointReport([
      finding('vrfy', 'pass', { evidence: cite('252 cannot') }),
      finding('connection-rate', 'pass', { measured: { limit: 30 } }),
    ]),
  ]),
  report([
    endpointReport([
      finding('vrfy', 'fail', { evidence: cite('250 alice'), measured: { users: ['alice', 'bob'] } }),
      finding('connection-rate', 'pass', { measured: { limit: 100 } }),
    ]),
  ]),
);

test('for people', () => {
  expect(diffToTerminal(diff, page)).toMatchInlineSnapshot(`
    "mxprobe diff  before: 2026-01-02T03:04:05Z, now: 2026-01-02T03:04:05Z

    NEW      vrfy [medium]  mx1.example.com/192.0.2.1:25
             users: unknown, now alice, bob
             before  pass: vrfy is pass
                     S: 252 cannot
             now     failure [medium]: vrfy is fail
                     S: 250 alice

    changed  connection-rate [medium]  mx1.example.com/192.0.2.1:25
             limit: 30, now 100
             before  pass: connection-rate is pass
                     S: 220 mx1.example.com ESMTP
             now     pass: connection-rate is pass
                     S: 220 mx1.example.com ESMTP

    1 worse, 1 otherwise changed.
    Exit code 1: something got worse.
    "
  `);
});

test('for tickets', () => {
  expect(diffToMarkdown(diff)).toMatchInlineSnapshot(`
    "## mxprobe diff: 1 worse, 1 otherwise changed

    before: \`2026-01-02T03:04:05Z\`, now: \`2026-01-02T03:04:05Z\`.

    | Change | Severity | Finding | Endpoint | Before | Now |
    | - | - | - | - | - | - |
    | NEW | medium | \`vrfy\` | \`mx1.example.com/192.0.2.1:25\` | pass | failure \`[medium]\` |
    | changed | medium | \`connection-rate\` | \`mx1.example.com/192.0.2.1:25\` | pass | pass |

    ### NEW: \`vrfy\` at \`mx1.example.com/192.0.2.1:25\`

    - users: unknown, now alice, bob

    before: pass: vrfy is pass.

    \`\`\`
    S: 252 cannot
    \`\`\`

    now: failure \`[medium]\`: vrfy is fail.

    \`\`\`
    S: 250 alice
    \`\`\`

    ### changed: \`connection-rate\` at \`mx1.example.com/192.0.2.1:25\`

    - limit: 30, now 100

    before: pass: connection-rate is pass.

    \`\`\`
    S: 220 mx1.example.com ESMTP
    \`\`\`

    now: pass: connection-rate is pass.

    \`\`\`
    S: 220 mx1.example.com ESMTP
    \`\`\`
    "
  `);
});

test('nothing changed', () => {
  const same = compareReports(reportSaying('x'), reportSaying('x'));
  expect(diffToTerminal(same, page)).toContain('\nNothing changed.\nExit code 0: nothing got worse.\n');
  expect(diffToMarkdown(same)).toContain('## mxprobe diff: Nothing changed\n');
});

test('no byte of a server gets through that is not shown, and none of its words is markup', () => {
  fc.assert(
    fc.property(hostileText, hostileText, (one, other) => {
      const hostile = compareReports(reportSaying(one), reportSaying(other));
      const [text, markdown] = [diffToTerminal(hostile, page), diffToMarkdown(hostile)];
      for (const shown of [text, markdown]) expect(shown).not.toMatch(/[^\n\P{C}]|[\u2028\u2029]/u);
      expect(JSON.stringify(fromMarkdown(markdown))).not.toMatch(
        /"type":"(html|link|image|emphasis|strong|blockquote|definition)/,
      );
    }),
    { numRuns: 100 },
  );
});
