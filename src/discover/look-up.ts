import { lookup } from 'node:dns/promises';
import { normalAddress } from '../model/address.ts';
import { type Answer, answerOf } from './answer.ts';

/**
 * Addresses of a name by getaddrinfo, as any program on this machine gets them, within `seconds` and until `stop`. It
 * says ENOTFOUND both of a name that does not exist and of one without addresses of this family: no more than no data.
 * Never rejects.
 */
export async function lookUp(
  name: string,
  family: 4 | 6,
  seconds: number,
  stop: AbortSignal | null = null,
): Promise<Answer<string>> {
  if (stop?.aborted) return stopped;
  let clock: NodeJS.Timeout | undefined;
  let onStop = () => {};
  const late = new Promise<Answer<never>>((resolve) => {
    clock = setTimeout(() => resolve({ kind: 'failed', because: `no answer within ${seconds} s` }), seconds * 1000);
    onStop = () => resolve(stopped);
  });
  stop?.addEventListener('abort', onStop);
  try {
    return await Promise.race([found(name, family), late]);
  } finally {
    clearTimeout(clock);
    stop?.removeEventListener('abort', onStop);
  }
}

const stopped: Answer<never> = { kind: 'failed', because: 'the scan was stopped' };

async function found(name: string, family: 4 | 6): Promise<Answer<string>> {
  try {
    const records = await lookup(name, { all: true, family });
    return answerOf(records.flatMap(({ address }) => normalAddress(address) ?? []));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (noAddress.includes(code)) return { kind: 'no-data' };
    const meaning = code === 'EAI_AGAIN' ? 'the name service failed for now' : 'the name service failed';
    return { kind: 'failed', because: `${meaning} (${code})` };
  }
}

const noAddress: readonly string[] = ['ENOTFOUND', 'ENODATA', 'EAI_ADDRFAMILY', 'EAI_NODATA'];
