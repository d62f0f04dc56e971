// check.ts
import { readFile, writeFile } from 'node:fs/promises';
import { defaultPolicy, judge, parseTarget, probes, readReport, scan, toJson, toTerminal } from 'mxprobe';
import { bounces } from './bounces.js';

const target = parseTarget(process.argv[2] ?? 'mail.example.com:25');
if (target.kind === 'bad') throw new Error(target.problem);

const all = [...probes, bounces];
const report = await scan([target], { helo: 'scanner.example.net' }, () => {}, all);
await writeFile('report.json', toJson(report));

const saved = await readReport(await readFile('report.json', 'utf8'), all);
const stricter = judge(saved, { ...defaultPolicy, severities: { bounces: 'critical' } }, all);
console.log(toTerminal(stricter, { width: 100, color: false, transcript: false }));
process.exitCode = stricter.summary.exitCode;
