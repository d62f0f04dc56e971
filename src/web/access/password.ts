import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { cost, scryptOf } from '../../monitor/config/scrypt.ts';

/** Stands in for a user that is not there, so that it takes as long to find out. */
const nobody = `${'0'.repeat(32)}:${'0'.repeat(64)}`;

/** How many passwords are remembered: one is asked for with each request. */
const most = 100;

/**
 * Checks passwords by what the file has of them. One at a time: each takes 16 MB and a fifth of a second, and nobody
 * shall have all of this machine by asking often. What was right is remembered, by a key that dies with this process.
 */
export function passwordCheck(): (password: string, kept: string | null) => Promise<boolean> {
  const key = randomBytes(32);
  const right = new Set<string>();
  let turn: Promise<unknown> = Promise.resolve();
  return async (password, kept) => {
    const name = createHmac('sha256', key)
      .update(JSON.stringify([kept, password]))
      .digest('hex');
    if (right.has(name)) return true;
    const found = turn.then(() => isRight(password, kept ?? nobody));
    turn = found.catch(() => {});
    const isKnown = (await found) && kept !== null;
    if (isKnown && right.size >= most) right.clear();
    if (isKnown) right.add(name);
    return isKnown;
  };
}

async function isRight(password: string, kept: string): Promise<boolean> {
  const read = scryptOf(kept);
  if (read === null) return false;
  const made = await new Promise<Buffer>((resolve, reject) =>
    scrypt(password, read.salt, read.hash.length, cost, (error, key) =>
      error === null ? resolve(key) : reject(error),
    ),
  );
  return timingSafeEqual(made, read.hash);
}
