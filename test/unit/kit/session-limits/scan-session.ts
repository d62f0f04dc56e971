import { expect } from 'vitest';
import { commandDeadline } from '../../../../probes/command-deadline.ts';
import { errorLimit } from '../../../../probes/error-limit.ts';
import { harvestBrake } from '../../../../probes/harvest-brake.ts';
import { hello } from '../../../../probes/hello.ts';
import { idleTimeout } from '../../../../probes/idle-timeout.ts';
import { junkLimit } from '../../../../probes/junk-limit.ts';
import { messageSize } from '../../../../probes/message-size.ts';
import { queueSpace } from '../../../../probes/queue-space.ts';
import { rcptOracle } from '../../../../probes/rcpt-oracle.ts';
import { recipientsPerMessage } from '../../../../probes/recipients-per-message.ts';
import { type Finding, type Restraint, scan } from '../../../../src/index.ts';
import { findingOf, ourName, shortLimits } from '../../../fakes/scan-server.ts';
import type { RunningServer, ScriptedServer } from '../../../fakes/scripted-server.ts';
import { ownDomain } from '../../../fakes/stock-mta.ts';
import { expectQuotesToStand } from '../../../support/quotes.ts';

const catalogue = [
  hello,
  rcptOracle,
  messageSize,
  queueSpace,
  errorLimit,
  junkLimit,
  recipientsPerMessage,
  idleTimeout,
  commandDeadline,
  harvestBrake,
];

export interface Asked {
  readonly restraint?: Partial<Restraint>;
  readonly role?: 'mx' | 'submission';
  /** The server stops listening: it cannot tell whether we said QUIT. */
  readonly deaf?: boolean;
}

/** What one probe of a session's limits says of a scripted server, and what the server saw. */
export async function ask(
  script: ScriptedServer | RunningServer,
  probe: string,
  { restraint = {}, role = 'mx', deaf = false }: Asked = {},
): Promise<{ finding: Finding; said: string; server: RunningServer }> {
  await using started = 'start' in script ? await script.start() : null;
  const server = started ?? (script as RunningServer);
  const target = {
    kind: 'endpoint',
    input: `127.0.0.1:${server.port}`,
    host: '127.0.0.1',
    port: server.port,
    role,
    tls: 'starttls',
  } as const;
  const report = await scan(
    [target],
    {
      helo: ourName,
      domain: ownDomain,
      allow: 'load',
      probes: [probe],
      restraint: { ...shortLimits, ...restraint },
    },
    () => {},
    catalogue,
  );
  expectQuotesToStand(report);
  expect(server.commands.filter((command) => /^(DATA|BDAT)/i.test(command))).toEqual([]);
  if (!deaf) expect(server.withoutQuit).toEqual([]);
  const finding = findingOf(report, probe);
  const said = finding.doubt === undefined ? finding.verdict : `${finding.verdict}(${finding.doubt})`;
  return { finding, said, server };
}

/** `smtpd_junk_command_limit`: EHLO and RSET beyond it are errors (smtpd.c counts after it compares). */
export function junkCommands(server: ScriptedServer, limit: number): ScriptedServer {
  const junk = new Map<number, number>();
  return server.on(['EHLO', 'RSET'], ({ dialogue }) => {
    const before = junk.get(dialogue.connection) ?? 0;
    junk.set(dialogue.connection, before + 1);
    if (before > limit) dialogue.errors += 1;
    return undefined;
  });
}
