import { defaultPolicy } from '../model/policy.ts';
import type { Report } from '../model/report.ts';
import { UsageError } from '../model/usage-error.ts';
import { type PostfixConfiguration, readPostfix } from '../postfix/configuration.ts';
import { verificationDocument } from '../report/documents.ts';
import { verify } from '../verify/verify.ts';
import type { CommandLine } from './arguments.ts';
import { writing } from './command.ts';
import { readOptionFile } from './files.ts';
import type { Io } from './io.ts';
import { readReport } from './saved-report.ts';
import { readScanOptions } from './scan-options.ts';
import { writeAll } from './sinks.ts';
import { scanToVerify } from './verify-scan.ts';
import { scanOptionNames, verifyUsage } from './verify-usage.ts';

/** `mxprobe verify`: is this configuration what the wire shows? */
export const command = writing(verifyUsage, verificationDocument, async (given, sinks, io) => {
  const { configuration, files } = await readConfiguration(given);
  const service = serviceOf(given.one('service'), configuration);
  const saved = given.one('report');
  const report =
    saved === null ? await scanToVerify(given, configuration, sinks, io) : await judgedAgain(given, saved, io);
  // Null: only the plan was asked for, and is written.
  if (report === null) return 0;
  const verification = verify(configuration, report, { service, files });
  await writeAll(verification, sinks);
  return verification.summary.exitCode;
});

/** Main first: its errors are worth more than those of the other file. Throws `UsageError`. */
async function readConfiguration(
  given: CommandLine,
): Promise<{ configuration: PostfixConfiguration; files: string[] }> {
  const main = given.one('postconf');
  const master = given.one('master');
  const version = given.one('postfix-version');
  if (main === null)
    throw new UsageError('say which configuration: mxprobe verify --postconf main.cf mail.example.com:25');
  const configuration = readPostfix(
    { name: main, text: await readOptionFile('--postconf', main) },
    {
      master: master === null ? null : { name: master, text: await readOptionFile('--master', master) },
      version,
      mechanisms:
        given
          .one('mechanisms')
          ?.split(/[\s,]+/)
          .filter(Boolean) ?? null,
    },
  );
  return { configuration, files: [main, ...(master === null ? [] : [master])] };
}

function serviceOf(name: string | null, { services, masterGiven }: PostfixConfiguration): string | null {
  const names = services.filter(({ type }) => type === 'inet').map((service) => service.name);
  if (name === null || names.includes(name) || !masterGiven) return name;
  throw new UsageError(`--service: master.cf has no "${name}" that speaks SMTP; it has ${names.join(', ') || 'none'}`);
}

async function judgedAgain(given: CommandLine, name: string, io: Io): Promise<Report> {
  if (given.words.length > 0)
    throw new UsageError(`--report compares with a saved report: leave out ${given.words.join(' ')}, or the option`);
  const idle = scanOptionNames.find((option) => option !== 'vantage' && given.has(option));
  if (idle !== undefined) throw new UsageError(`--report scans nothing: leave out --${idle}, or the report`);
  const { vantage } = await readScanOptions(given, []);
  const { judgeAgain } = await io.scanner();
  const report = judgeAgain(await readReport(name, io), defaultPolicy);
  // Where we stood is the user's word, now as well as then; what the findings made of it then stays.
  return vantage === null ? report : { ...report, options: { ...report.options, vantage } };
}
