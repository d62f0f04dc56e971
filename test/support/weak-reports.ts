import { startDemo } from '../../src/demo/demo-server.ts';
import type { Report } from '../../src/index.ts';
import { scanServer } from '../fakes/scan-server.ts';
import { startHostileServer } from './hostile-server.ts';

const restraint = { replySeconds: 5, dialogueSeconds: 60 };

/** What a scan says of the demo server, which is weak on purpose. */
export async function scanDemo(): Promise<Report> {
  const demo = await startDemo();
  try {
    return await scanServer(demo, { domain: demo.options.domain, restraint });
  } finally {
    await demo.close();
  }
}

/** What it says of a server that writes markup into every reply. */
export async function scanHostile(): Promise<Report> {
  await using server = await startHostileServer();
  return await scanServer(server, { restraint });
}
