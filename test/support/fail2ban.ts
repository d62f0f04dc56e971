import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMonitoring } from '../../docker/lab.ts';
import type { Scenario } from '../../docker/scenarios/scenario.ts';

/**
 * Debian's filters of fail2ban for logins, as their jails have them; it has none for OpenSMTPD, aiosmtpd and qpsmtpd.
 */
export const filters: Readonly<Record<Scenario['image'], readonly string[]>> = {
  'postfix-dovecot': ['postfix[mode=auth]', 'dovecot'],
  exim: ['exim'],
  sendmail: ['sendmail-auth'],
  courier: ['courier-smtp'],
  opensmtpd: [],
  aiosmtpd: [],
  qpsmtpd: [],
};

/** Refused recipients: filters for Exim and Courier count them too, and to ask for some is what a scan is for. */
const aboutRecipients = /rejected RCPT|550 User .*unknown/;

/** Debian's own fail2ban, in a container. */
export interface Fail2ban extends AsyncDisposable {
  /** The lines of a server's log that it would ban us for. */
  bannedFor(image: Scenario['image'], log: string): Promise<readonly string[]>;
}

export async function startFail2ban(): Promise<Fail2ban> {
  const folder = await mkdtemp(join(tmpdir(), 'mxprobe-logs-'));
  const container = await startMonitoring(folder);
  let logs = 0;
  return {
    async bannedFor(image, log) {
      logs += 1;
      const name = `${image}-${logs}`;
      await writeFile(join(folder, name), log);
      const found: string[] = [];
      for (const filter of filters[image]) {
        const output = await container.exec(['fail2ban-regex', '--print-all-matched', `/work/${name}`, filter]);
        if (!/Lines: \d+ lines/.test(output)) throw new Error(`fail2ban-regex did not read the log: ${output}`);
        const [, matched = ''] = output.split('Matched line(s):');
        found.push(...matched.split('\n').filter((line) => /^\| {2}\S/.test(line) && !aboutRecipients.test(line)));
      }
      return found;
    },
    async [Symbol.asyncDispose]() {
      await container[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
