import { expect, test } from 'vitest';
import { startServer } from '../../docker/lab.ts';
import type { Scenario } from '../../docker/scenarios/scenario.ts';
import { parseTarget, type Report, scan } from '../../src/index.ts';

/**
 * Twenty measurements each of limits in windows of which nothing is known, by real Postfix. Its counters are those of a
 * service and a client, so that each of sixty ports has its own.
 */

const runs = 20;
const limits = [3, 7, 30] as const;
type Limit = (typeof limits)[number];

const portOf = (limit: Limit, run: number): number => 11_000 + limits.indexOf(limit) * 100 + run;

const each = limits.flatMap((limit) => Array.from({ length: runs }, (_, run) => ({ limit, run })));

const serverOf = (window: number): Scenario => ({
  id: `windows-${window}`,
  sentence: `Sixty ports of a Postfix that counts messages in windows of ${window} s.`,
  image: 'postfix-dovecot',
  service: 'smtp',
  role: 'mx',
  config: {
    'main:anvil_rate_time_unit': `${window}s`,
    'run:ports': each
      .map(({ limit, run }) => {
        const port = portOf(limit, run);
        return `postconf -M '${port}/inet=${port} inet n - n - - smtpd -o smtpd_client_message_rate_limit=${limit}'`;
      })
      .join('\n'),
  },
  expect: {},
});

test.each([5, 10, 20, 60])('limits in windows of %i s', async (window) => {
  await using server = await startServer(serverOf(window));
  const found = await Promise.all(
    each.map(async ({ limit, run }) => {
      const target = parseTarget(`smtp://${server.address()}:${portOf(limit, run)}`);
      if (target.kind === 'bad') throw new Error(target.problem);
      const options = { helo: 'scanner.example.com', domain: 'example.test', probes: ['message-rate'] } as const;
      return { limit, told: toldBy(await scan([target], { ...options, allow: 'load', vantage: 'outside' })) };
    }),
  );
  for (const limit of limits) {
    const told = found.filter((one) => one.limit === limit).map((one) => one.told);
    const right = told.filter((one) => one === `${limit} in ${window} s`).length;
    const untold = told.filter((one) => one.startsWith('untold')).length;
    console.log(
      `${limit} in ${window} s: ${right} of ${runs} exact, ${untold} untold; ${[...new Set(told)].join(' | ')}`,
    );
    expect(told.filter((one) => !one.startsWith(`${limit} in `) && !one.startsWith('untold'))).toEqual([]);
    expect(untold).toBeLessThanOrEqual(1);
  }
});

function toldBy({ endpoints: [endpoint] }: Report): string {
  const finding = endpoint?.findings[0];
  const { limit, windowSeconds, windowAtLeast, windowAtMost } = finding?.measured ?? {};
  if (typeof limit !== 'number') return `untold: ${finding?.because}`;
  return `${limit} in ${windowSeconds ?? `${windowAtLeast} to ${windowAtMost}`} s`;
}
