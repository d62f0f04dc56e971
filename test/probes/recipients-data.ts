import { expect } from 'vitest';
import { type kit, scan } from '../../src/index.ts';
import { findingOf, ourName, shortLimits } from '../fakes/scan-server.ts';
import type { ScriptedServer } from '../fakes/scripted-server.ts';
import { ownDomain } from '../fakes/stock-mta.ts';
import { expectObservationsToFit } from '../support/observations.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { exchange } from '../unit/kit/replies.ts';

/** Scans a scripted server with these probes and brings the finding of the last; no probe ever says DATA. */
export const scannerOf =
  (...probes: readonly [...kit.DefinedProbe[], kit.DefinedProbe]) =>
  async (server_: ScriptedServer, options: object = {}, at: object = {}) => {
    await using server = await server_.start();
    const place = { kind: 'endpoint', input: 'it', host: '127.0.0.1', port: server.port } as const;
    const target = { ...place, role: 'mx', tls: 'starttls', ...at } as const;
    const asked = { helo: ourName, domain: ownDomain, restraint: shortLimits, ...options };
    const report = await scan([target], asked, () => {}, probes);
    expectQuotesToStand(report);
    expectObservationsToFit(report);
    expect(server.commands.filter((command) => /^(DATA|BDAT)/i.test(command))).toEqual([]);
    const finding = findingOf(report, probes.at(-1)?.id ?? '');
    const verdict = finding.doubt === undefined ? finding.verdict : `${finding.verdict}(${finding.doubt})`;
    return { finding, verdict, commands: server.commands, cost: report.endpoints[0]?.cost };
  };

/** One round of a recipients dialogue, as a judge reads it. */
export const round = (answers: Record<string, string>, more: object = {}) => ({
  ...{ tls: false, helo: 'us.test', sender: 'us@outside.test', domain: 'example.test', auth: false },
  mail: exchange('MAIL FROM:<us@outside.test>', '250 2.1.0 Ok'),
  answers: Object.entries(answers).map(([name, raw]) => ({
    name: name.replace(/\d/, ''),
    recipient: name === 'bare-postmaster' ? 'postmaster' : `${name}@example.test`,
    exchange: exchange('RCPT', raw),
  })),
  ...{ ownSenders: [], cut: null, ...more },
});

export const data = (rounds: readonly object[], more: object = {}) => ({
  rounds,
  role: 'mx',
  vantage: 'outside',
  domainGiven: true,
  ...more,
});

export const ok = '250 2.1.5 Ok';
export const unknown = '550 5.1.1 <x@example.test>: Recipient address rejected: User unknown in local recipient table';
export const denied = '554 5.7.1 <x@example.test>: Relay access denied';
export const later = '450 4.2.0 <x@example.test>: Recipient address rejected: Greylisted, try again later';
