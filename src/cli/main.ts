#!/usr/bin/env node
import { version } from '../version.ts';

/** `--version` is answered before anything heavy is loaded: it is what installers and monitors ask first and most. */
if (process.argv[2] === '--version') {
  process.stdout.write(`${version()}\n`);
} else {
  const [{ processIo }, { run }] = await Promise.all([import('./process-io.ts'), import('./run.ts')]);
  process.exitCode = await run(process.argv.slice(2), processIo());
}
