/**
 * What servers and people see of processes that watch, in a process that is never killed nor busy: prints its port, and
 * when its input ends what it has seen, as JSON.
 */
import { type AddressInfo, createServer } from 'node:net';

/** Of each store and address how often it was scanned at once at most; of each store and alert how often it came. */
export interface Seen {
  readonly atOnce: Readonly<Record<string, number>>;
  readonly scans: number;
  readonly alerts: Readonly<Record<string, number>>;
}

const now = new Map<string, number>();
const atOnce = new Map<string, number>();
const alerts = new Map<string, number>();
let scans = 0;

const server = createServer((socket) => {
  let scanned = '';
  // Over when the other side says so, which is before it hears our answer to that.
  const over = () => {
    if (scanned !== '') now.set(scanned, (now.get(scanned) ?? 0) - 1);
    scanned = '';
  };
  socket.on('data', (data) => {
    const [what, file, ...rest] = data.toString().trim().split(' ');
    const key = `${file} ${rest[0]}`;
    if (what === 'alert') alerts.set(key, (alerts.get(key) ?? 0) + 1);
    else {
      scanned = key;
      scans += 1;
      now.set(key, (now.get(key) ?? 0) + 1);
    }
    // Who was killed in the same moment has ended by then; who is alive waits for the answer.
    setTimeout(() => {
      if (scanned !== '') atOnce.set(key, Math.max(atOnce.get(key) ?? 0, now.get(key) ?? 0));
      if (socket.writable) socket.write('ok\n');
    }, 5);
  });
  socket.on('error', () => {});
  socket.on('end', over);
  socket.on('close', over);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.resume();
process.stdin.on('end', () => {
  const seen: Seen = { atOnce: Object.fromEntries(atOnce), scans, alerts: Object.fromEntries(alerts) };
  process.stdout.write(JSON.stringify(seen), () => process.exit(0));
});
