import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type Answer, AUTHORITATIVE_ANSWER, decode, encode, type Question } from 'dns-packet';

/** The types that the scanner asks for. MX records are written `10 mx.example.test`, the null MX `0 .`. */
type RecordType = 'A' | 'AAAA' | 'MX' | 'CNAME';
/** What befalls a question: an RCODE, or no answer ever. */
type Fault = 'SERVFAIL' | 'REFUSED' | 'NOTIMP' | 'silent';
/** Names in lower case. A name that is not here does not exist; a fault stands for all types of a name, or for one. */
export type Zone = Readonly<Record<string, Fault | Readonly<Partial<Record<RecordType, readonly string[] | Fault>>>>>;

export interface FakeDns {
  /** `address:port`, as `--dns` takes it. */
  readonly server: string;
  /** Each question in the order it came, such as `MX example.test`. */
  readonly asked: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** A scripted DNS server on loopback, UDP only. Aliases are followed inside the zone, unless `recurses` is false. */
export async function startFakeDns(zone: Zone, { recurses = true } = {}): Promise<FakeDns> {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (datagram, peer) => {
    const { id, questions } = decode(datagram);
    const question = questions?.[0];
    if (question === undefined) return;
    asked.push(`${question.type} ${question.name}`);
    const reply = replyTo(question, zone, recurses);
    if (reply === 'silent') return;
    const packet = encode({
      type: 'response',
      id: id ?? 0,
      flags: AUTHORITATIVE_ANSWER | reply.rcode,
      questions: [question],
      answers: reply.answers,
    });
    socket.send(packet, peer.port, peer.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    server: `127.0.0.1:${socket.address().port}`,
    asked,
    [Symbol.asyncDispose]: async () => void (await new Promise<void>((resolve) => socket.close(() => resolve()))),
  };
}

const rcodes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;

function replyTo(
  { name, type }: Question,
  zone: Zone,
  recurses: boolean,
): { rcode: number; answers: Answer[] } | 'silent' {
  const answers: Answer[] = [];
  // As many steps as there are names: an alias of itself comes to an end.
  for (let at = name.toLowerCase(), left = Object.keys(zone).length; ; left -= 1) {
    const entry = zone[at];
    if (entry === undefined) return { rcode: rcodes.NXDOMAIN, answers };
    const data = typeof entry === 'string' ? entry : (entry[type as RecordType] ?? []);
    if (data === 'silent') return data;
    if (typeof data === 'string') return { rcode: rcodes[data], answers };
    answers.push(...data.map((text) => answerOf(at, type as RecordType, text)));
    const alias = typeof entry === 'string' || type === 'CNAME' ? undefined : entry.CNAME?.[0];
    if (alias === undefined || left === 0) return { rcode: rcodes.NOERROR, answers };
    answers.push(answerOf(at, 'CNAME', alias));
    if (!recurses) return { rcode: rcodes.NOERROR, answers };
    at = alias;
  }
}

function answerOf(name: string, type: RecordType, text: string): Answer {
  if (type !== 'MX') return { type, name, ttl: 60, data: text };
  const [preference, exchange = '.'] = text.split(' ');
  return { type, name, ttl: 60, data: { preference: Number(preference), exchange } };
}
