import { fstatSync } from 'node:fs';
import { whyNot } from '../model/why-not.ts';
import { writeWhole } from './files.ts';
import type { StandardOutput } from './io.ts';

/**
 * The stdout of this process. `onClosed`: a reader, such as `head`, has seen enough; what is written after that is
 * dropped.
 */
export function standardOutput(onClosed: () => void): StandardOutput {
  const { stdout } = process;
  let failure: NodeJS.ErrnoException | null = null;
  const fail = (error: NodeJS.ErrnoException) => {
    failure ??= error;
    if (failure.code === 'EPIPE') onClosed();
  };
  stdout.on('error', fail);
  // Node writes to a file once, and does not look how much of it was taken.
  const write = isFile() ? (text: string) => writeWhole(stdout.fd, text) : (text: string) => stdout.write(text);
  return {
    write(text) {
      try {
        if (failure === null) write(text);
      } catch (error) {
        fail(error as NodeJS.ErrnoException);
      }
    },
    async lost() {
      await new Promise((written) => stdout.write('', written));
      return failure === null || failure.code === 'EPIPE' ? null : whyNot(failure);
    },
    isTerminal: stdout.isTTY === true,
    get width() {
      return widthOf(stdout);
    },
  };
}

function isFile(): boolean {
  const found = fstatSync(process.stdout.fd);
  return found.isFile() || (found.isCharacterDevice() && process.stdout.isTTY !== true);
}

/** Terminals that say 0 or next to nothing mean that they do not know. */
const narrowest = 40;

export const widthOf = ({ columns }: { readonly columns: number }): number => Math.max(columns || 80, narrowest);
