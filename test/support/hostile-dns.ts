import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type Answer, AUTHORITATIVE_ANSWER, type DecodedPacket, decode, encode, type Question } from 'dns-packet';

/** A question as it came, and what it takes to answer or to misbehave. */
export interface Heard {
  readonly question: Question;
  readonly packet: DecodedPacket;
  readonly id: number;
  /** CD was set. */
  readonly isUnchecked: boolean;
  /** How many questions came before. */
  readonly before: number;
  readonly over: 'udp' | 'tcp';
  /** The port that it came from. */
  readonly port: number;
}

export interface Reply {
  readonly rcode?: number;
  readonly flags?: number;
  readonly id?: number;
  readonly questions?: Question[];
  readonly answers?: Answer[];
}

/** Packets in the order they are sent; none is silence. */
export type Behaviour = (heard: Heard) => readonly Buffer[];

export interface HostileDns extends AsyncDisposable {
  /** `address:port`, as `--dns` takes it. */
  readonly server: string;
  /** What came: `udp MX example.test`, with ` CD` behind it where checking is disabled. */
  readonly asked: readonly string[];
}

/** An answer to what was heard, wrong wherever `reply` says so. */
export function packetFor({ id, question }: Heard, reply: Reply = {}): Buffer {
  return encode({
    type: 'response',
    id: reply.id ?? id,
    flags: AUTHORITATIVE_ANSWER | (reply.flags ?? 0) | (reply.rcode ?? 0),
    questions: reply.questions ?? [question],
    answers: reply.answers ?? [],
  });
}

/** A DNS server on an address of this machine, UDP and TCP on one port, that does what it is told. */
export async function startHostileDns(behave: Behaviour, address = '127.0.0.1'): Promise<HostileDns> {
  const asked: string[] = [];
  const hear = (bytes: Buffer, over: Heard['over'], port: number): readonly Buffer[] => {
    const packet = decode(bytes);
    const question = packet.questions?.[0];
    if (question === undefined) return [];
    const before = asked.push(`${over} ${question.type} ${question.name}${packet.flag_cd ? ' CD' : ''}`) - 1;
    return behave({ packet, question, id: packet.id ?? 0, isUnchecked: packet.flag_cd, before, over, port });
  };
  const open = new Set<Socket>();
  const tcp = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const said = hear(bytes.subarray(2), 'tcp', socket.remotePort ?? 0);
      if (said.length === 0) return;
      socket.write(Buffer.concat(said.flatMap((packet) => [lengthOf(packet), packet])));
    });
  }).listen(0, address);
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket('udp4');
  udp.on('message', (bytes, peer) => {
    for (const packet of hear(bytes, 'udp', peer.port)) udp.send(packet, peer.port, peer.address);
  });
  udp.bind(port, address);
  await once(udp, 'listening');
  return {
    server: `${address}:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await Promise.all([
        new Promise<void>((closed) => udp.close(() => closed())),
        new Promise<void>((closed) => tcp.close(() => closed())),
      ]);
    },
  };
}

function lengthOf(packet: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(packet.length);
  return length;
}
