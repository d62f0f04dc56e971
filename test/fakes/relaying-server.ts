import { createTransport } from 'nodemailer';
import { startOnLoopback } from '../../src/demo/loopback.ts';

/** What becomes of a message that it has taken. */
export type Fate =
  | 'delivers'
  | 'delivers without trace'
  | 'discards'
  | 'bounces'
  | 'refuses at DATA'
  | 'refuses at RCPT';

export interface RelayingServer extends AsyncDisposable {
  readonly port: number;
  /** Messages that it took. */
  readonly taken: string[];
}

/** A server that takes mail for everybody, and sends all of it to one port of loopback, as `fate` says. */
export async function relayingServer(fate: Fate, next: () => number): Promise<RelayingServer> {
  const taken: string[] = [];
  const sends: Promise<unknown>[] = [];
  const send = async (from: string, to: string, raw: string) => {
    const transport = createTransport({ host: '127.0.0.1', port: next(), ignoreTLS: true, name: 'mx.example.test' });
    await transport.sendMail({ envelope: { from, to: [to] }, raw });
    transport.close();
  };
  const { port, close } = await startOnLoopback({
    name: 'mx.example.test',
    disabledCommands: ['AUTH', 'STARTTLS'],
    closeTimeout: 200,
    onRcptTo({ address }, { envelope }, answer) {
      // Only a sender at the sink's domain is refused there: what open-relay asked was taken.
      const isLate = fate === 'refuses at RCPT' && /^mxp-/.test(address);
      if (!isLate || envelope.mailFrom === false) return answer();
      answer(Object.assign(new Error('5.7.1 Relay access denied'), { responseCode: 550 }));
    },
    onData(stream, { envelope, hostNameAppearsAs }, answer) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const raw = Buffer.concat(pieces).toString('latin1');
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo[0]?.address ?? '';
        if (fate === 'refuses at DATA')
          return answer(Object.assign(new Error('5.7.1 Relaying denied'), { responseCode: 554 }));
        taken.push(raw);
        answer(null, 'OK: queued as 68A932A0061');
        const trace = `Received: from ${hostNameAppearsAs} (unknown [127.0.0.1])\r\n\tby mx.example.test (Fake) with ESMTP id 68A932A0061;\r\n\tMon, 1 Jan 2026 00:00:00 +0000\r\n`;
        if (fate === 'delivers') sends.push(send(from, to, `${trace}${raw}`));
        if (fate === 'delivers without trace') sends.push(send(from, to, raw));
        if (fate === 'bounces')
          sends.push(send('', from, 'From: MAILER-DAEMON\r\nSubject: failed\r\n\r\nno such user\r\n'));
      });
    },
  });
  return {
    port,
    taken,
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled(sends);
      await close();
    },
  };
}
