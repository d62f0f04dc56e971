import fc from 'fast-check';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, test } from 'vitest';
import { visible } from '../../../src/model/visible.ts';
import { toMarkdown } from '../../../src/report/markdown.ts';
import { endpointReport, finding, report } from './handmade.ts';
import { attacks, domainsSaying, hostileText, reportSaying } from './hostile.ts';

/** Every node of a document, as a reader of Markdown sees them. */
function nodesIn(text: string): Nodes[] {
  const all = (node: Nodes): Nodes[] => [node, ...('children' in node ? node.children.flatMap(all) : [])];
  return all(fromMarkdown(text));
}

const textOf = (node: Nodes): string => ('value' in node ? node.value : '');

/** What sites make links, calls or pictures of in plain text, besides Markdown itself. */
const magic = /https?:|www\.|@\w|#\d|\b[0-9a-f]{7,40}\b|:\w+:|\bGH-\d|\$/i;

/** The shape of a document: its nodes without their texts. */
const shapeOf = (text: string): string[] =>
  nodesIn(text)
    .map((node) => (node.type === 'heading' ? `heading ${node.depth}` : node.type))
    .filter((type) => !/text|inlineCode/.test(type));

const ours = ['<details><summary>1 pass</summary>', '</details>', '<details><summary>2 passes</summary>'];

test.each(['.', "'", '(', ')', 'a.', '0', '@a'])('a word of 64 kB of %j takes no longer than any', (piece) => {
  const said = `a${piece.repeat(65_536 / piece.length)}a`;
  const began = performance.now();
  expect(toMarkdown(reportSaying(said)).length).toBeGreaterThan(said.length);
  expect(performance.now() - began).toBeLessThan(2000);
});

describe("a server's words", () => {
  const isHarmless = (said: string) => {
    const nodes = nodesIn(toMarkdown(domainsSaying(said)));
    expect(
      nodes.filter(
        ({ type }) =>
          /link|image|emphasis|strong|break|Reference|definition|blockquote/.test(type) && type !== 'thematicBreak',
      ),
    ).toEqual([]);
    expect([...new Set(nodes.filter(({ type }) => type === 'html').map(textOf))]).toEqual(ours);
    expect(
      nodes
        .filter(({ type }) => type === 'text')
        .map(textOf)
        .filter((text) => magic.test(text)),
    ).toEqual([]);
  };

  test.each(attacks)('%j are no markup, no link and no call', isHarmless);

  test('whatever they are', () => {
    fc.assert(fc.property(hostileText, isHarmless), { numRuns: 200 });
  });

  test('leave the shape of the report as it is', () => {
    const calm = shapeOf(toMarkdown(domainsSaying('250 ok')));
    fc.assert(
      fc.property(
        hostileText.filter((text) => text.trim() !== ''),
        (said) => {
          expect(shapeOf(toMarkdown(domainsSaying(said)))).toEqual(calm);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('stand in the report as they were said', () => {
    for (const attack of attacks.filter((text) => visible(text) === text)) {
      const quoted = nodesIn(toMarkdown(reportSaying(attack)))
        .filter(({ type }) => type === 'code')
        .map(textOf);
      expect(quoted.join('\n')).toContain(`S: ${attack}`);
    }
  });
});

test('a planted defect would be seen: a quote as plain text', () => {
  const nodes = nodesIn('it says [click](https://evil.example/) <b>');
  expect(nodes.map(({ type }) => type)).toEqual(expect.arrayContaining(['link', 'html']));
});

test('the verdict first, findings worst first with proof and remedy, then doubts with a way out, passes folded away, the cost', () => {
  const text = toMarkdown(
    report([
      endpointReport([
        finding('hello', 'pass'),
        finding('auth-weak', 'fail', { severity: 'low', because: 'it offers NTLM' }),
        finding('open-relay', 'fail', {
          severity: 'critical',
          because: 'it accepts mail for a@b.example',
          fix: { postfix: ["postconf -e 'a = `b`'"] },
        }),
        finding('vrfy', 'inconclusive', { doubt: 'throttled', because: 'it said 421' }),
        finding('error-limit', 'inconclusive', { doubt: 'not-permitted', because: 'needs --allow load' }),
        finding('submission-auth', 'not-applicable'),
      ]),
    ]),
  );
  expect(text).toMatchInlineSnapshot(`
    "## mxprobe: something found at or above medium

    1 failure (worst: critical), 1 warning, 1 could not be told, 1 passed, 1 not applicable, 1 not allowed.

    - \`mx1.example.com/192.0.2.1:25\` limits us: 1 question could not be answered for it; scan again later, or let it wait with \`--patience\` 300

    | Weight | Finding | Endpoint | What |
    | - | - | - | - |
    | critical | \`open-relay\` | \`mx1.example.com/192.0.2.1:25\` | it accepts mail for \`a@b.example\` |
    | warning | \`auth-weak\` | \`mx1.example.com/192.0.2.1:25\` | it offers NTLM |

    ### \`mx1.example.com/192.0.2.1:25\`

    mx (takes mail from other servers, begins in clear), Postfix (told by reply shapes).

    #### \`open-relay\` (critical)

    It accepts mail for \`a@b.example\`.

    \`\`\`
    S: 220 mx1.example.com ESMTP
    \`\`\`

    Fix for Postfix:

    \`\`\`
    postconf -e 'a = \`b\`'
    \`\`\`

    #### \`auth-weak\` (warning)

    It offers NTLM.

    \`\`\`
    S: 220 mx1.example.com ESMTP
    \`\`\`

    #### Could not be told

    - \`vrfy\`: it said 421 (the server limits us: scan again later, or let it wait with \`--patience\` 300).

    <details><summary>1 pass</summary>

    - \`hello\`: hello is pass. \`S: 220 mx1.example.com ESMTP\`

    </details>

    not applicable: \`submission-auth\`

    needs \`--allow\` load: \`error-limit\`

    Cost: 3 connections, 61 commands, 950 bytes sent, 4.2 kB received, 0.31 s.

    ---

    mxprobe 0.1.0, allowed: active, EHLO scanner.example.net, \`2026-01-02T03:04:05Z\`.
    "
  `);
});

test('what the policy waives is last among the findings, and says until when', () => {
  const waived = { until: '2026-12-31', reason: 'known, see #12' };
  const text = toMarkdown(
    report([
      endpointReport([
        finding('open-relay', 'fail', { severity: 'critical', waived }),
        finding('vrfy', 'fail', { severity: 'low' }),
      ]),
    ]),
  );
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  expect(rows[2]).toContain('vrfy');
  expect(rows[3]).toMatch(/critical, waived .* Waived until 2026-12-31: known, see `#12`/);
});
