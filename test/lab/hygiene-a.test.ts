import { describe, expect, it } from 'vitest';
import { applyFix } from '../../docker/fixes.ts';
import { type RunningServer, startServer } from '../../docker/lab.ts';
import { type HygieneScenario, hygiene } from '../../docker/scenarios/hygiene.ts';
import type { Finding } from '../../src/model/report.ts';
import { fixesFor } from '../../src/mta/fixes.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { scanScenario } from '../support/scan-scenario.ts';
import { expectTextIsLast } from '../support/text-is-last.ts';

async function findings(scenario: HygieneScenario, server: RunningServer): Promise<readonly Finding[]> {
  const probes = Object.keys(scenario.says);
  const report = await scanScenario(scenario, server, { probes, allow: 'intrusive' });
  expectQuotesToStand(report);
  expectTextIsLast(report);
  return report.endpoints[0]?.findings.filter(({ probe }) => probes.includes(probe)) ?? [];
}

const told = ({ verdict, doubt }: Finding): string => (doubt === undefined ? verdict : `${verdict}(${doubt})`);

describe('what is said of a real server, and what is quoted', () => {
  it.concurrent.each(hygiene.map((scenario) => [scenario.id, scenario] as const))('%s', async (_, scenario) => {
    await using server = await startServer(scenario);
    const found = await findings(scenario, server);
    const said = Object.fromEntries(
      found.map((finding) => {
        const [, ...quotes] = scenario.says[finding.probe] ?? [];
        const quoted = finding.evidence.map(({ quote }) => quote);
        return [
          finding.probe,
          [told(finding), ...quotes.map((one) => quoted.find((all) => all.startsWith(one)) && one)],
        ];
      }),
    );
    const why = found.map((finding) => `${finding.probe}: ${finding.because} ${JSON.stringify(finding.evidence)}`);
    expect(said, why.join('\n')).toEqual(scenario.says);
  });
});

/** What is pasted into which server, and which probe passes then. */
const mended = [
  ['xclient', 'postfix', 'xclient-for-all'],
  ['xclient', 'postfix', 'xforward-for-all'],
  ['helo-required', 'postfix', 'hygiene-debian-default'],
  ['helo-required', 'sendmail', 'hygiene-sendmail-novrfy'],
  ['helo-own-name', 'postfix', 'hygiene-hardened'],
  ['helo-own-name', 'exim', 'hygiene-exim-default'],
  ['helo-own-name', 'sendmail', 'hygiene-sendmail-default'],
  ['banner', 'postfix', 'banner-version'],
  ['banner', 'exim', 'hygiene-exim-default'],
  ['banner', 'sendmail', 'hygiene-sendmail-default'],
  ['etrn', 'postfix', 'etrn-for-relayed'],
  ['etrn', 'exim', 'exim-etrn'],
  ['etrn', 'sendmail', 'hygiene-sendmail-default'],
] as const;

describe('fix lines', () => {
  it.concurrent.each(mended)('for %s, %s, of %s', async (probe, mta, id) => {
    const scenario = hygiene.find((one) => one.id === id);
    if (scenario === undefined) throw new Error(`no scenario ${id}`);
    await using server = await startServer(scenario);
    const of = async () => (await findings(scenario, server)).find((finding) => finding.probe === probe);
    expect((await of())?.verdict).toBe('fail');
    await applyFix(server, fixesFor(probe)[mta] ?? []);
    const after = await of();
    expect(after?.verdict, after?.because).toBe('pass');
  });
});
