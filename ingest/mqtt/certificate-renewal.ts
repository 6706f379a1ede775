// A certificate of a few months is renewed while the sidecar runs: from then on its files, which are looked at now and then, are
// used for new connections. Those that are there stay.
import type { Log } from '../log.ts';
import type { Listener } from './listener.ts';

/** Takes over a certificate that was renewed; one that cannot be used is told, and the former stays. */
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
