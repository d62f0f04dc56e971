import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface LabCa extends Disposable {
  /** PEM, for `tlsCa`. */
  readonly root: string;
  /** A certificate for these names, good from now on for a day. */
  certify(...names: readonly string[]): { readonly cert: string; readonly key: string };
}

/** An authority of one test's own, by openssl. */
export function startCa(): LabCa {
  const folder = mkdtempSync(join(tmpdir(), 'lab-ca-'));
  const at = (name: string) => join(folder, name);
  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  openssl(...request, '-subj', '/CN=Lab Root', '-keyout', at('root.key'), '-out', at('root.crt'));
  let made = 0;
  return {
    root: readFileSync(at('root.crt'), 'utf8'),
    certify(...names) {
      made += 1;
      const [cert, key] = [at(`${made}.crt`), at(`${made}.key`)];
      const signed = ['-CA', at('root.crt'), '-CAkey', at('root.key')];
      const extensions = [
        ...['-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}`],
        ...['-addext', 'basicConstraints=critical,CA:FALSE'],
      ];
      openssl(...request, ...signed, ...extensions, '-subj', '/CN=lab', '-keyout', key, '-out', cert);
      return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
