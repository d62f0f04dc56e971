import { spawn } from 'node:child_process';
import { vi } from 'vitest';
import type { Secret } from '../../../src/monitor/config/config.ts';
import type { NotifyParts } from '../../../src/notify/parts.ts';

/** The world, with secrets by name. */
export const partsWith = (
  secrets: Readonly<Record<string, string>> = {},
  more: Partial<NotifyParts> = {},
): NotifyParts => ({
  readSecret(secret) {
    const value = secret.kind === 'env' ? secrets[secret.env] : undefined;
    if (value === undefined) throw new Error(`the environment has no ${secret.kind === 'env' ? secret.env : ''}`);
    return value;
  },
  fetch,
  spawn,
  hostname: 'watch.example.net',
  ...more,
});

export const env = (name: string): Secret => ({ kind: 'env', env: name });

/** The words of an error; of success none. */
export async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** Until it is disposed of, whoever gives somebody seconds gives them hundredths. */
export function hurried(): Disposable {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  const spy = vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => timeout(milliseconds / 100));
  return { [Symbol.dispose]: () => spy.mockRestore() };
}
