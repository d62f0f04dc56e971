import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { applyFix } from '../../docker/fixes.ts';
import { startServer } from '../../docker/lab.ts';
import { type DeedScenario, deedScenarios } from '../../docker/scenarios/deeds.ts';
import { type Finding, readReport } from '../../src/index.ts';
import { fixesFor } from '../../src/mta/fixes.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { scanScenario } from '../support/scan-scenario.ts';

describe('what real servers do about octets that no client should send', () => {
  it.concurrent.each(deedScenarios.map((scenario) => [scenario.id, scenario] as const))(
    '%s',
    async (_id, scenario) => {
      await using server = await startServer(scenario);
      const report = await scanScenario(scenario, server, {
        allow: 'intrusive',
        authorized: true,
        probes: Object.keys(scenario.says),
      });
      expect(differences(scenario, report.endpoints[0]?.findings ?? [])).toEqual([]);
      expectQuotesToStand(report);
      expect(await readReport(JSON.stringify(report))).toEqual(JSON.parse(JSON.stringify(report)));
    },
    600_000,
  );
});

const mended = deedScenarios.flatMap((scenario) =>
  scenario.mends === undefined ? [] : ([[scenario.id, scenario, scenario.mends]] as const),
);

describe('the lines that mend it do', () => {
  it.concurrent.each(mended)(
    '%s',
    async (_id, scenario, probes) => {
      await using server = await startServer(scenario);
      const mta = mtaOf[scenario.image];
      if (mta === undefined) throw new Error(`no MTA of ${scenario.image}`);
      for (const probe of probes) await applyFix(server, fixesFor(probe)[mta] ?? []);
      const report = await scanScenario(scenario, server, { allow: 'intrusive', authorized: true, probes });
      const findings = report.endpoints[0]?.findings ?? [];
      const said = probes.map((probe) => [probe, findings.find((one) => one.probe === probe)?.verdict]);
      expect(said).toEqual(probes.map((probe) => [probe, 'pass']));
    },
    600_000,
  );
});

const mtaOf: Partial<Record<DeedScenario['image'], string>> = {
  'postfix-dovecot': 'postfix',
  exim: 'exim',
  sendmail: 'sendmail',
};

/** What was said, measured or quoted otherwise than expected, and why. */
function differences({ says }: DeedScenario, findings: readonly Finding[]): string[] {
  return Object.entries(says).flatMap(([id, { verdict, measured = {}, quotes = [] }]) => {
    const finding = findings.find(({ probe }) => probe === id);
    const said = finding?.doubt === undefined ? finding?.verdict : `${finding.verdict}(${finding.doubt})`;
    const figures = finding?.measured ?? {};
    const lines = finding?.evidence.map(({ quote }) => quote) ?? [];
    const isSame = Object.keys(measured).every((key) => isDeepStrictEqual(figures[key], measured[key]));
    const isQuoted = quotes.every((quote) => lines.some((line) => line.includes(quote)));
    if (said === verdict && isSame && isQuoted) return [];
    const wanted = `${verdict} ${JSON.stringify(measured)} [${quotes.join(' | ')}] expected`;
    return [`${id}: ${wanted}, ${said} ${JSON.stringify(figures)} [${lines.join(' | ')}] said: ${finding?.because}`];
  });
}
