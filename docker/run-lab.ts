import { once } from 'node:events';
import { startServer } from './lab.ts';
import { scenarios } from './scenarios/index.ts';
import { limitScenarios } from './scenarios/limits.ts';
import type { Scenario } from './scenarios/scenario.ts';

/** `npm run lab <id>`: starts one server of the lab, says how to scan it, and stops it on Ctrl-C. */
const wanted = process.argv[2];
const known: readonly Scenario[] = [...scenarios, ...limitScenarios];
const scenario = known.find(({ id }) => id === wanted);
if (scenario) await keepUp(scenario);
else {
  console.error(`${wanted ? `no scenario is called ${wanted}` : 'which one?'}  npm run lab <id>\n`);
  for (const { id, sentence } of known) console.error(`  ${id.padEnd(29)}${sentence}`);
  process.exitCode = 2;
}

async function keepUp(scenario: Scenario): Promise<void> {
  await using server = await startServer(scenario);
  console.log(`${scenario.id}: ${scenario.sentence}\n`);
  console.log(
    `  node dist/src/cli/main.js scan ${targetOf(scenario, server.port(scenario.service))} ${optionsFor(scenario)}\n`,
  );
  console.log('Ctrl-C stops it.');
  const alive = setInterval(() => {}, 60_000); // waiting for a signal does not keep a process alive
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  clearInterval(alive);
}

/** A port that Docker chose says nothing of its role; the scheme does. */
function targetOf({ role }: Scenario, port: number): string {
  return `${role === 'mx' ? '' : `${role}://`}127.0.0.1:${port}`;
}

function optionsFor({ id, scan }: Scenario): string {
  const domain = scan?.domain ?? 'example.test';
  const recipient = scan?.recipient ?? `alice@${domain}`;
  const options = ['--domain', domain, '--recipient', recipient, '--external', 'someone@outside.example'];
  if (limitScenarios.some((limited) => limited.id === id)) options.push('--allow', 'load', '--vantage', 'outside');
  if (scan?.timeoutSeconds) options.push('--timeout', `${scan.timeoutSeconds}`);
  return options.join(' ');
}
