import { expect, test } from 'vitest';
import { startDemo } from '../../src/demo/demo-server.ts';
import { parseTarget, scan } from '../../src/index.ts';
import { toTerminal } from '../../src/report/terminal.ts';

test('the ending of the demo fits a terminal of 24 lines and 80 columns, with the prompt below it', async () => {
  const demo = await startDemo();
  try {
    const target = parseTarget(`127.0.0.1:${demo.port}`);
    if (target.kind === 'bad') throw new Error(target.problem);
    const report = await scan([target], { helo: 'scanner.example.net', ...demo.options });
    const page = { width: 80, color: false, transcript: false, more: 'mxprobe demo --verbose', exits: false } as const;
    const ending = toTerminal(report, { ...page, detail: 'quiet' });
    const lines = ending.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(23);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines[0]).toMatch(
      /^127\.0\.0\.1:\d+ {2}smtp-server: 2 failures, 5 warnings, 4 notes, \d+ passed, [\d.]+ s$/,
    );
    expect(lines[1]).toMatch(/^ {2}critical {2}open-relay +Strangers can send mail anywhere through this/);
    expect(lines.at(-1)).toBe('More: mxprobe demo --verbose');
    expect(toTerminal(report, page).endsWith(ending)).toBe(true);
    expect(toTerminal(report, page)).not.toContain('Exit code');
  } finally {
    await demo.close();
  }
});
