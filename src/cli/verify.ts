import { readFile } from 'node:fs/promises';
import { defaultPolicy } from '../model/policy.ts';
import type { Report } from '../model/report.ts';
import { UsageError } from '../model/usage-error.ts';
import type { Verification } from '../model/verification.ts';
import { type PostfixConfiguration, readPostfix } from '../postfix/configuration.ts';
import type { Page } from '../report/layout.ts';
import { verify } from '../verify/verify.ts';
import { type Given, readArguments } from './arguments.ts';
import { whyNot } from './files.ts';
import { type Io, pageOf } from './io.ts';
import { openOutput } from './output.ts';
import { asReport } from './saved-report.ts';
import { readScanOptions } from './scan-options.ts';
import { oneOf } from './values.ts';
import { scanToVerify } from './verify-scan.ts';
import { scanOptionNames, verifyUsage as usage, verifyFormats } from './verify-usage.ts';

export { usage };

/** `mxprobe verify`: is this configuration what the wire shows? */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const read = await readArguments(usage, argv, io.stdout.width);
  if (read.kind === 'help') {
    io.stdout.write(read.text);
    return 0;
  }
  const format = oneOf('format', read.one('format') ?? 'terminal', verifyFormats);
  const { configuration, files } = await readConfiguration(read);
  const service = serviceOf(read.one('service'), configuration);
  const file = read.one('output');
  using output = openOutput(file, io);
  const saved = read.one('report');
  const seen = saved === null ? await scanToVerify(read, configuration, io) : await judgedAgain(read, saved, io);
  if ('plan' in seen) {
    output.write(seen.plan(pageOf(io, file)));
    output.keep();
    return 0;
  }
  const mechanisms =
    read
      .one('mechanisms')
      ?.split(/[\s,]+/)
      .filter(Boolean) ?? null;
  const verification = verify(configuration, seen.report, { service, mechanisms, files });
  output.write(await textOf(verification, format, pageOf(io, file)));
  output.keep();
  return verification.summary.exitCode;
}

async function textOf(verification: Verification, format: (typeof verifyFormats)[number], page: Page): Promise<string> {
  switch (format) {
    case 'json':
      return `${(await import('../report/json.ts')).printableJson(verification, 2)}\n`;
    case 'markdown':
      return (await import('../report/verify-markdown.ts')).verificationToMarkdown(verification);
    case 'terminal':
      return (await import('../report/verify-terminal.ts')).verificationToTerminal(verification, page);
  }
}

/** Main first: its errors are worth more than those of the other file. Throws `UsageError`. */
async function readConfiguration(given: Given): Promise<{ configuration: PostfixConfiguration; files: string[] }> {
  const main = given.one('postconf');
  const master = given.one('master');
  const version = given.one('postfix-version');
  if (main === null)
    throw new UsageError('say which configuration: mxprobe verify --postconf main.cf mail.example.com:25');
  const configuration = readPostfix(
    { name: main, text: await textIn('postconf', main) },
    {
      ...(master === null ? {} : { master: { name: master, text: await textIn('master', master) } }),
      ...(version === null ? {} : { version }),
    },
  );
  return { configuration, files: [main, ...(master === null ? [] : [master])] };
}

function serviceOf(name: string | null, { services, masterGiven }: PostfixConfiguration): string | null {
  const names = services.filter(({ type }) => type === 'inet').map((service) => service.name);
  if (name === null || names.includes(name) || !masterGiven) return name;
  throw new UsageError(`--service: master.cf has no "${name}" that speaks SMTP; it has ${names.join(', ') || 'none'}`);
}

async function judgedAgain(given: Given, name: string, io: Io): Promise<{ readonly report: Report }> {
  if (given.words.length > 0)
    throw new UsageError(`--report compares with a saved report: leave out ${given.words.join(' ')}, or the option`);
  const idle = scanOptionNames.find((option) => option !== 'vantage' && given.has(option));
  if (idle !== undefined) throw new UsageError(`--report scans nothing: leave out --${idle}, or the report`);
  const { judgeAgain, probes } = await io.library();
  const { vantage } = readScanOptions(
    given,
    probes.map(({ id }) => id),
  );
  const saved = asReport(name === '-' ? await io.stdin() : await textIn('report', name), name);
  const report = judgeAgain(saved, defaultPolicy);
  // Where we stood is the user's word, now as well as then; what the findings made of it then stays.
  return { report: vantage === null ? report : { ...report, options: { ...report.options, vantage } } };
}

async function textIn(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--${option}: "${file}" cannot be read: ${whyNot(error)}`);
  }
}
