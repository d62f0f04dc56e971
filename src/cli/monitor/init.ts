import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Target } from '../../model/target.ts';
import { UsageError } from '../../model/usage-error.ts';
import { whyNot } from '../../model/why-not.ts';
import { dueIn } from '../../monitor/checked.ts';
import { firstFile } from '../../monitor/first-file.ts';
import { checkText } from '../../monitor/words/check.ts';
import { systemdUnit } from '../../monitor/words/unit.ts';
import { domain, heloName } from '../../scan/option-values.ts';
import type { CommandLine } from '../arguments.ts';
import type { Command } from '../command.ts';
import { say } from '../complain.ts';
import { ownName } from '../helo.ts';
import { type Io, pageOf } from '../io.ts';
import { readTargets } from '../read-targets.ts';
import { outOfReach, scanAloud } from '../scan-into.ts';
import type { Usage } from '../usage.ts';
import { readConfigFile, usualFile } from './config-file.ts';

const usage: Usage = {
  words: '<target>...',
  about:
    'Scans the targets once, as mxprobe scan does, and writes a file for mxprobe monitor with comments in it, and beside it the policy that the servers meet today. Says what will be due when, and prints a systemd unit. Overwrites no file, and starts nothing.',
  options: {
    file: { value: 'file', values: 'files', about: `Where it goes (default ${usualFile})` },
    helo: { value: 'fqdn', about: 'The name given in EHLO (default: the name of this host)' },
    domain: { value: 'domain', about: "A domain the servers take mail for (default: the target's)" },
    private: { about: 'MX hosts of the domains may have private and loopback addresses' },
    timezone: { value: 'zone', about: 'Whose clocks count, such as Europe/Berlin (default: those of this machine)' },
  },
  examples: [
    ['example.com', 'the MX hosts of a domain'],
    ['mail.example.net --domain example.com', 'a host that takes mail for a domain which is not its own'],
    ['mail.example.com:587 mail.example.com:465 --file /etc/mxprobe/mxprobe.yaml', 'where users hand in their mail'],
  ],
  epilogue: 'Exit codes: 0 both files are there, whatever was found; 3 nothing was written.',
};

/** `mxprobe monitor init`. */
export const command: Command = {
  usage,
  async run(given, io) {
    const file = given.one('file') ?? usualFile;
    const policy = join(dirname(file), `${basename(file, extname(file))}.policy.yaml`);
    for (const path of [file, policy]) if (existsSync(path)) throw new UsageError(there(path));
    const targets = await readTargets(given.words, 'mxprobe monitor init example.com', io);
    const settings = await readSettings(given);
    const texts = await scanned(targets, settings, io);
    const written = firstFile({ targets, policy: `./${basename(policy)}`, ...settings, day: texts.day });
    writeBoth([
      [policy, texts.policy],
      [file, written],
    ]);
    io.stdout.write(await told(file, policy, io));
    return 0;
  },
};

interface Settings {
  readonly helo: string | null;
  readonly domain: string | null;
  readonly private: boolean;
  readonly timezone: string;
}

async function readSettings(given: CommandLine): Promise<Settings> {
  const timezone = given.one('timezone') ?? Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC';
  const { zoneProblem } = await import('../../monitor/schedule/zone.ts');
  const problem = zoneProblem(timezone);
  if (problem !== null) throw new UsageError(`--timezone: "${timezone}" ${problem}`);
  return {
    helo: given.one('helo', heloName),
    domain: given.one('domain', domain),
    private: given.has('private'),
    timezone,
  };
}

/** The policy that the servers meet now. Rejects where they cannot be a model, and where the scan was interrupted. */
async function scanned(
  targets: readonly Target[],
  settings: Settings,
  io: Io,
): Promise<{ readonly policy: string; readonly day: string }> {
  const scanner = await io.scanner();
  const { defaultRestraint: restraint } = await import('../../model/restraint.ts');
  const { domain, private: isPrivate } = settings;
  const asked = { helo: settings.helo ?? ownName(io), domain, private: isPrivate, restraint };
  const report = await scanAloud(scanner, targets, asked, io);
  for (const line of outOfReach(report)) say(line, io);
  if (report.stopped === true) throw new UsageError('the scan was interrupted: nothing is written');
  const { policyFromReport } = await import('../../policy/from-report.ts');
  const probes = scanner.probes.map(({ id }) => id);
  const day = new Date().toISOString();
  return { policy: policyFromReport(report, { judge: scanner.judgeAgain, probes, day }), day };
}

const there = (path: string): string => `"${path}" is there already, and is not overwritten: --file names another`;

/** Both or none. */
function writeBoth(files: readonly (readonly [path: string, text: string])[]): void {
  const written: string[] = [];
  try {
    for (const [path, text] of files) {
      writeFileSync(path, text, { flag: 'wx' });
      written.push(path);
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    throw new UsageError(`"${files[written.length]?.[0]}" cannot be written: ${whyNot(error)}`);
  }
}

/** What was written, what is due when, and how to keep it running. */
async function told(file: string, policy: string, io: Io): Promise<string> {
  const read = await readConfigFile(file, io);
  if (read.kind === 'mistakes') throw new Error(`${file}: ${read.mistakes[0]?.text}`);
  const at = Date.now();
  const checked = { file, at, mistakes: [], warnings: read.warnings, monitors: dueIn(read.config, at) };
  return `Written: ${file}, and ${policy}, which waives for 90 days what fails today: read it, and say why or mend it.

${checkText(checked, pageOf(io, null))}
Nothing runs yet. To watch: mxprobe monitor run ${file}
To keep it running, as /etc/systemd/system/mxprobe.service:

${systemdUnit(resolve(file))}`;
}
