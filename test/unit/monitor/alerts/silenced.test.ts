import { expect, test } from 'vitest';
import { silenceMatches } from '../../../../src/monitor/alerts/silenced.ts';

const mx = { name: 'mx', group: 'mx', tags: ['own'] };
const line = { name: 'hosted:a.example', group: 'hosted', tags: [] };

test.each([
  ['mx', mx, 'vrfy', true],
  ['mx', line, 'vrfy', false],
  ['tag:own', mx, 'vrfy', true],
  ['tag:own', line, 'vrfy', false],
  ['hosted', line, 'vrfy', true],
  ['hosted:*', line, 'vrfy', true],
  ['*', line, '', true],
  ['mx/vrfy', mx, 'vrfy', true],
  ['mx/vrfy', mx, 'expn', false],
  ['tag:own/vrfy', mx, 'expn', false],
])('%s and %j %s: %s', (match, monitor, probe, expected) => {
  expect(silenceMatches(match, monitor, probe)).toBe(expected);
});
