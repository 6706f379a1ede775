/** A certificate for a broker under test, valid for the loopback address, newly made by the openssl command. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestCertificate {
  certificateFile: string;
  keyFile: string;
  /** PEM, for the terminal that trusts it. */
  ca: string;
  remove(): void;
}

export function createCertificate(): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'kenshin-certificate-'));
  const certificateFile = join(folder, 'broker.crt');
  const keyFile = join(folder, 'broker.key');
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'],
      ...['-keyout', keyFile, '-out', certificateFile],
    ],
    { stdio: 'ignore' },
  );
  return {
    certificateFile,
    keyFile,
    ca: readFileSync(certificateFile, 'utf8'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
