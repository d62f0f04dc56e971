import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Mailbox {
  readonly port: number;
  /** The certificate that it shows, for who is to trust it (PEM). */
  readonly ca: string;
  /** The mails that have come, as they came. */
  readonly mails: readonly string[];
  close(): Promise<void>;
}

/** A server in this process, on loopback, that takes every mail and keeps it. */
export async function startMailbox(onMail: (mail: string) => void): Promise<Mailbox> {
  const mails: string[] = [];
  const server = new SMTPServer({
    name: 'mailbox.demo.test',
    authOptional: true,
    disableReverseLookup: true,
    closeTimeout: 500,
    logger: false,
    key,
    cert: certificate,
    onData(stream, _session, callback) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const mail = Buffer.concat(pieces).toString('utf8');
        mails.push(mail);
        callback();
        onMail(mail);
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((listening, failed) => {
    server.server.once('error', failed);
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.server.address() as AddressInfo;
  return { port, ca: certificate, mails, close: () => new Promise((closed) => server.close(() => closed())) };
}

/** Of localhost, for a hundred years, and for this alone: a key that everybody has proves nothing. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg1SqdIG0Bp4Y87GaX
lQZkSqUXuZqEcBfPG1AJo8RbzxWhRANCAAQMlpCfWbUQZw/B//+0u0BPHJoeoPZ1
cqFZFrobVszaNTY0dpnO2zyhc7B0riWBQ/jAd4XWq77Xba4G2y8nslz5
-----END PRIVATE KEY-----
`;
const certificate = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUF0HsjIQUEUP3lHQrPwj0OsOddGowCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyODA3MjQxMFoYDzIxMjYxMTA0
MDcyNDEwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQMlpCfWbUQZw/B//+0u0BPHJoeoPZ1cqFZFrobVszaNTY0dpnO2zyh
c7B0riWBQ/jAd4XWq77Xba4G2y8nslz5o28wbTAdBgNVHQ4EFgQUmfHsQ3Xpjx20
9yUMKDCEfn299q8wHwYDVR0jBBgwFoAUmfHsQ3Xpjx209yUMKDCEfn299q8wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgRHFyWRNpAXbr2djBUHUlag974b3xl19GY+trODlVvQsCIFUf
iCsae+OJXr9Ly3ESwb8weMkHpg3y5xrsnKZQS1rX
-----END CERTIFICATE-----
`;
