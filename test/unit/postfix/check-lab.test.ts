import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { scenarios } from '../../../docker/scenarios/index.ts';
import { readPostfix } from '../../../src/postfix/configuration.ts';

const image = 'docker/images/postfix-dovecot';
const main = readFileSync(`${image}/main.cf`, 'utf8');
const master = `smtp inet n - n - - smtpd\n${readFileSync(`${image}/master.cf`, 'utf8')}`;

const servers = scenarios.filter((scenario) => scenario.image === 'postfix-dovecot');

test.each(servers)('$id runs, and nothing is said against its files', ({ config }) => {
  const setting = (kind: RegExp) => Object.entries(config).filter(([key]) => kind.test(key));
  const own = setting(/^main:/).map(([key, value]) => ({ name: key.replace('main:', ''), value }));
  const isOverwritten = (line: string) => own.some(({ name }) => line.startsWith(`${name} =`));
  const kept = main.split('\n').filter((line) => !isOverwritten(line));
  const text = [...kept, ...own.map(({ name, value }) => `${name} = ${value}`)].join('\n');
  const services = setting(/^master:[^/]+\/[^/]+$/).map(([, line]) => line);
  const overrides = setting(/^master:[^/]+\/[^/]+\/./).map(
    ([key, value]) => `${key.replace('master:', '')} = ${value}`,
  );
  const { problems } = readPostfix(
    { name: 'main.cf', text },
    { master: { name: 'master.cf', text: [master, ...services, ...overrides].join('\n') }, version: '3.7.11' },
  );
  // A service of the scenario's own stands beside the baseline's here, and in its place there.
  expect(problems.filter(({ parameter, weight }) => parameter !== null || weight !== 'odd')).toEqual([]);
});
