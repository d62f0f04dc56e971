import { codeOf, connectionWords } from '../model/connection-words.ts';
import type { Place } from '../monitor/config/config.ts';
import type { NotifyParts } from './parts.ts';
import { addressOf } from './secret-text.ts';

const patience = 5000;

/**
 * Tells whoever watches the watcher that a round is over; `/fail` behind the path says that something of ours failed,
 * as healthchecks.io and its like read it. Never rejects: null, or why it was not told, without a secret.
 */
export async function beat(
  place: Place,
  isOk: boolean,
  parts: Pick<NotifyParts, 'readSecret' | 'fetch'>,
): Promise<string | null> {
  try {
    const { url, shown } = await addressOf(place, parts);
    if (!isOk) url.pathname = `${url.pathname.replace(/\/$/, '')}/fail`;
    return await asked(url, shown, parts);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function asked(url: URL, shown: string, { fetch }: Pick<NotifyParts, 'fetch'>): Promise<string | null> {
  const late = AbortSignal.timeout(patience);
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: late, headers: { 'User-Agent': 'mxprobe' } });
    await answer.body?.cancel();
    return answer.ok ? null : `${shown} answered ${answer.status}`;
  } catch (error) {
    return `${shown} ${late.aborted ? `did not answer within ${patience / 1000} s` : connectionWords(codeOf(error))}`;
  }
}
