import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sideBySide } from '../../src/budget/side-by-side.ts';
import { judge, probes, type Report } from '../../src/index.ts';
import { findingOf, scanServer } from '../fakes/scan-server.ts';
import type { Seen } from '../fakes/scripted-connection.ts';
import { renderAll } from '../support/every-report.ts';
import { hostileWorld, type World } from '../support/hostile-world.ts';
import { expectQuotesToStand } from '../support/quotes.ts';

/**
 * Servers that nobody has thought of, for as long as one likes: `npm run fuzz`, with `MINUTES` and `SEED`. What is said
 * of them may be anything but what it must not be.
 */
const minutes = Number(process.env.MINUTES ?? 1);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000_000);

const most = 40;
const restraint = {
  ...{ replySeconds: 0.3, handshakeSeconds: 0.3, dialogueSeconds: 1.5, quitSeconds: 0.05 },
  ...{ addressSeconds: 8, connectionsPerEndpoint: most, patienceSeconds: 0 },
};

test(
  `hostile servers, seed ${seed}`,
  async () => {
    const until = performance.now() + minutes * 60_000;
    const complaints: string[] = [];
    let scans = 0;
    await sideBySide(Array.from({ length: 8 }), 8, async () => {
      while (performance.now() < until && complaints.length === 0) {
        const own = seed + scans++;
        const [world] = fc.sample(hostileWorld, { seed: own, numRuns: 1 });
        if (world === undefined) throw new Error('no world');
        for (const complaint of await complaintsOf(world)) complaints.push(`SEED=${own}: ${complaint}; ${world.words}`);
      }
    });
    console.log(`${scans} hostile servers were scanned`);
    expect(complaints).toEqual([]);
  },
  minutes * 60_000 + 120_000,
);

async function complaintsOf(world: World): Promise<string[]> {
  await using server = await world.make().start();
  const began = performance.now();
  const report = await scanServer(server, { restraint, recipient: 'alice@example.test' });
  const seconds = (performance.now() - began) / 1000;
  const findings = report.endpoints[0]?.findings ?? [];
  const taken = server.connections.flatMap(takenForOutside);
  return [
    ...(seconds > 60 ? [`it took ${seconds} s`] : []),
    ...findings.filter(({ verdict }) => verdict === 'error').map(({ probe, because }) => `${probe}: ${because}`),
    ...(taken.length > 0 && findingOf(report, 'open-relay').verdict === 'pass' ? [`passes, and took ${taken[0]}`] : []),
    ...(server.connections.length > most ? [`${server.connections.length} connections`] : []),
    ...(server.peak > 5 ? [`${server.peak} connections at once`] : []),
    ...complaintBy(() => expectQuotesToStand(report)),
    ...complaintBy(() => expect(judge(report).endpoints.map((endpoint) => endpoint.findings)).toEqual([findings])),
    ...complaintBy(() => expectToBeWritten(report)),
  ];
}

/** In every format, and nothing raw in it. */
function expectToBeWritten(report: Report): void {
  for (const text of renderAll(report, probes)) expect(text).not.toMatch(/[^\n\P{C}]|[\u2028\u2029]/u);
}

function complaintBy(check: () => void): string[] {
  try {
    check();
    return [];
  } catch (error) {
    return [String(error).slice(0, 500)];
  }
}

/** Plain recipients outside that this connection took. */
const takenForOutside = ({ commands, codes }: Seen): string[] =>
  commands.filter((command, index) => {
    const code = codes[index] ?? null;
    return (
      code !== null &&
      code >= 200 &&
      code < 300 &&
      /^RCPT TO:<[\w-]+@(scanner\.test|example\.(net|org|com))>$/.test(command)
    );
  });
