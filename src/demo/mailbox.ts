import { type Loopback, startOnLoopback } from './loopback.ts';

export interface Mailbox extends Loopback {
  /** The certificate that it shows, for who is to trust it (PEM). */
  readonly ca: string;
}

/** A server in this process, on loopback, that takes every mail and hands it over as it came. */
export async function startMailbox(onMail: (mail: string) => void): Promise<Mailbox> {
  const server = await startOnLoopback({
    name: 'mailbox.demo.test',
    key,
    cert: certificate,
    onData(stream, _session, callback) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        callback();
        onMail(Buffer.concat(pieces).toString('utf8'));
      });
    },
  });
  return { ...server, ca: certificate };
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
