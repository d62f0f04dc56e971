import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { mta } from '../fakes/scripted-server.ts';

/** Connects, and resolves to what the server says first. */
async function greeted(port: number): Promise<{ socket: Socket; said: string }> {
  const socket = connect({ host: '127.0.0.1', port });
  const said = await new Promise<string>((heard) => socket.once('data', (bytes) => heard(bytes.toString())));
  return { socket, said };
}

test.each([
  ['closed', (socket: Socket) => socket.destroy()],
  ['reset', (socket: Socket) => socket.resetAndDestroy()],
])('a connection that was %s before the next began is not counted beside it', async (_, end) => {
  await using server = await mta().connectionsAtOnce(1).start();
  const first = await greeted(server.port);
  // The server accepts the next in the same turn of the loop in which it hears of this end.
  end(first.socket);
  const next = await greeted(server.port);
  next.socket.destroy();
  expect([first.said, next.said].map((said) => said.slice(0, 3))).toEqual(['220', '220']);
  expect(server.peak).toBe(1);
});
