import { Resolver } from 'node:dns/promises';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Asks until the answer is yes; false when that takes longer than `withinMs`. */
export async function until(question: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await pause(25)) {
    if (await question()) return true;
  }
  return false;
}

/**
 * Whether an SMTP server speaks first on a port of 127.0.0.1, whatever it says: a refusal is a greeting too. Leaves
 * with QUIT and waits for the server to close, so that it has counted us out before anybody else comes.
 */
export function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    let spoke = false;
    const socket = connect(port, '127.0.0.1')
      .setTimeout(30_000, () => socket.destroy())
      .on('data', () => {
        if (!spoke) socket.write('QUIT\r\n');
        spoke = true;
      })
      .on('error', () => {}) // 'close' follows
      .on('close', () => resolve(spoke));
  });
}

/** Whether a name server answers for the root. */
export const answersDns = (address: string): Promise<boolean> =>
  askedOf(address)
    .resolveNs('.')
    .then(
      () => true,
      () => false,
    );

/** Whether a name server answers this text for a name. */
export const saysDns = (address: string, name: string, text: string): Promise<boolean> =>
  askedOf(address)
    .resolveTxt(name)
    .then(
      (records) => records.flat().includes(text),
      () => false,
    );

function askedOf(address: string): Resolver {
  const resolver = new Resolver({ timeout: 200, tries: 1 });
  resolver.setServers([address]);
  return resolver;
}

/** Whether a web server answers 200. */
export async function answersHttp(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
