import type { Log } from './log.ts';
import { renewCertificate } from './mqtt/certificate-renewal.ts';
import type { Listener } from './mqtt/listener.ts';
import type { Part } from './part-runner.ts';
import type { SessionRefresh } from './session/session-refresh.ts';
import type { SessionRegistry } from './session/session-registry.ts';
import type { TerminalOwners } from './session/terminal-owners.ts';

export interface RoutineCheckOptions {
  registry: Pick<SessionRegistry, 'sweep'>;
  refresh: Pick<SessionRefresh, 'round' | 'stop'>;
  owners: Pick<TerminalOwners, 'holdAll'>;
  listener: Pick<Listener, 'renewCertificate'>;
  log: Log;
  everyMs: number;
}

/** Checks every minute: sessions, register entries of connected terminals, their owners, the certificate. */
export class RoutineChecks implements Part {
  readonly name = 'routine checks';
  readonly #options: RoutineCheckOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RoutineCheckOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#timer = setInterval(() => this.#check(), this.#options.everyMs);
  }

  drain(): void {
    clearInterval(this.#timer);
    this.#options.refresh.stop();
  }

  #check(): void {
    const { registry, refresh, owners, listener, log } = this.#options;
    registry.sweep();
    void refresh.round();
    owners.holdAll().catch((error: unknown) => {
      log.warn({ err: error }, 'the owners of connections could not be compared');
    });
    renewCertificate(listener, log);
  }
}
