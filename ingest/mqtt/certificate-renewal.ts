// Renewal of the TLS certificate while the sidecar runs: its files are checked from time to time and used for new
// connections. Existing connections stay.
import type { Log } from '../log.ts';
import type { Listener } from './listener.ts';

/** Loads a renewed certificate; an unusable one is logged, and the previous one stays in use. */
export function renewCertificate(listener: Pick<Listener, 'renewCertificate'>, log: Log): void {
  try {
    if (listener.renewCertificate()) log.info({}, 'the certificate was renewed');
  } catch (error) {
    log.warn(
      { err: error },
      'the files of the certificate cannot be used; the former one stays, and they are read again in a minute',
    );
  }
}
