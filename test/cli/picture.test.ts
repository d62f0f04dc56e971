import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { startDemo } from '../../src/demo/demo-server.ts';
import { parseTarget, scan } from '../../src/index.ts';
import { type TerminalOptions, toTerminal } from '../../src/report/terminal.ts';
import { terminalPicture } from '../support/terminal-picture.ts';

const columns = 96;
const inColour = { color: true, more: 'mxprobe demo --verbose' };

/** `npm run picture` draws it anew. */
test('the picture in the README is what the demo prints, but for the time and the port', async () => {
  const shown = withoutWhatVaries(await demoOnATerminal({ width: columns, ...inColour }));
  const picture = terminalPicture(
    `$ npm run demo\n${beginAndEnd(shown)}`,
    'What mxprobe says of its demo server',
    columns,
  );
  await expect(picture).toMatchFileSnapshot('../../docs/demo.svg');
});

test.each([80, 120])('docs/screens.md has what stays of it at %i columns', async (width) => {
  const lines = (await demoOnATerminal({ width, color: false, more: 'mxprobe demo' })).split('\n');
  const ending = lines.slice(lines.lastIndexOf('') + 1).join('\n');
  const screens = await readFile(new URL('../../docs/screens.md', import.meta.url), 'utf8');
  expect(withoutWhatVaries(screens), 'paste what stays of `mxprobe demo --quiet` there').toContain(
    withoutWhatVaries(ending),
  );
});

async function demoOnATerminal(look: Pick<TerminalOptions, 'width' | 'color' | 'more'>): Promise<string> {
  const demo = await startDemo();
  try {
    const target = parseTarget(`127.0.0.1:${demo.port}`);
    if (target.kind === 'bad') throw new Error(target.problem);
    const report = await scan([target], { helo: 'scanner.example.net', ...demo.options });
    return toTerminal(report, { ...look, transcript: false, exits: false }).trimEnd();
  } finally {
    await demo.close();
  }
}

const withoutWhatVaries = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\dT[\d:]{8}Z/, '2026-01-01T00:00:00Z')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:2525')
    .replaceAll(/\d+\.\d+ s\b/g, '0.8 s');

/** The worst finding, and the ending that stays on the screen. */
function beginAndEnd(text: string): string {
  const lines = text.split('\n');
  const second = lines.findIndex((line) => line.includes('auth-before-tls'));
  const ending = lines.lastIndexOf('');
  expect([second > 10, ending > second]).toEqual([true, true]);
  return [...lines.slice(0, second), '\x1b[2m  …\x1b[0m', ...lines.slice(ending)].join('\n');
}
