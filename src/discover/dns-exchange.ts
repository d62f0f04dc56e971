import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { type Message, type Question, queryOf, readAnswer } from './dns-message.ts';
import { type DnsServer, serverName } from './dns-servers.ts';

/** What came of a question to one server. `late`: nothing in time. */
export type Outcome =
  | { readonly kind: 'message'; readonly message: Message; readonly server: DnsServer }
  | { readonly kind: 'garbled' | 'closed' | 'late'; readonly because: string };

export interface Asking {
  /** False sets CD. */
  readonly checking: boolean;
  /** After so long without an answer the datagram is sent once more, as one may get lost. */
  readonly againMs: number;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/**
 * Puts a question to one server by UDP, and by TCP where the answer is cut off (RFC 7766). Id and source port are
 * random, and the kernel lets nothing through but what that server sent. Null where DNS can hold no such name.
 */
export async function askServer(server: DnsServer, question: Question, asking: Asking): Promise<Outcome | null> {
  const id = randomInt(0x10000);
  const query = queryOf(question, id, asking.checking);
  if (query === null) return null;
  const read: Read = (bytes) => readAnswer(bytes, id, question);
  const outcome = await overUdp(server, query, read, asking);
  const isCut = outcome.kind === 'message' && outcome.message.isTruncated;
  return isCut ? await overTcp(server, query, read, asking) : outcome;
}

type Read = (bytes: Buffer) => ReturnType<typeof readAnswer>;

function overUdp(server: DnsServer, query: Buffer, read: Read, { againMs, signal }: Asking): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = createSocket(server.address.includes(':') ? 'udp6' : 'udp4');
    let again: NodeJS.Timeout | undefined;
    const end = (outcome: Outcome) => {
      clearTimeout(again);
      signal.removeEventListener('abort', onLate);
      socket.removeAllListeners().on('error', () => {});
      socket.close();
      resolve(outcome);
    };
    const onLate = () => end(late);
    // What cannot be sent comes as an error of the socket or not at all.
    const send = () => socket.send(query, () => {});
    socket.on('error', (error) => end(closed(server, error)));
    socket.on('message', (bytes) => {
      const said = read(bytes);
      if (said !== 'stranger') end(heard(said, server));
    });
    socket.on('connect', () => {
      send();
      again = setTimeout(send, againMs);
    });
    if (signal.aborted) return onLate();
    signal.addEventListener('abort', onLate);
    socket.connect(server.port, server.address);
  });
}

/** One question and one answer on a connection, which ends with them. */
function overTcp(server: DnsServer, query: Buffer, read: Read, { signal }: Asking): Promise<Outcome> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let wanted = 0;
    const socket = connect({ port: server.port, host: server.address });
    const end = (outcome: Outcome) => {
      signal.removeEventListener('abort', onLate);
      socket.removeAllListeners().on('error', () => {});
      socket.destroy();
      resolve(outcome);
    };
    const onLate = () => end(late);
    socket.on('error', (error) => end(closed(server, error)));
    socket.on('close', () => end({ kind: 'closed', because: `${serverName(server)} closed before it had answered` }));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= 2 && wanted === 0) wanted = 2 + Buffer.concat(chunks).readUInt16BE(0);
      if (length < wanted || wanted === 0) return;
      const said = read(Buffer.concat(chunks).subarray(2, wanted));
      end(said === 'stranger' || (said !== 'garbled' && said.isTruncated) ? garbled : heard(said, server));
    });
    if (signal.aborted) return onLate();
    signal.addEventListener('abort', onLate);
    const prefix = Buffer.alloc(2);
    prefix.writeUInt16BE(query.length);
    socket.write(Buffer.concat([prefix, query]));
  });
}

const late: Outcome = { kind: 'late', because: 'no answer' };
const garbled: Outcome = { kind: 'garbled', because: 'the answer could not be read' };
const heard = (said: Message | 'garbled', server: DnsServer): Outcome =>
  said === 'garbled' ? garbled : { kind: 'message', message: said, server };

function closed(server: DnsServer, error: Error): Outcome {
  const code = 'code' in error ? String(error.code) : error.message;
  const what = code === 'ECONNREFUSED' ? 'no DNS server listens at' : 'no way to';
  return { kind: 'closed', because: `${what} ${serverName(server)} (${code})` };
}
