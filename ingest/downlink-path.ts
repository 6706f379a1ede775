// Downlink parts: the queue of each connection, the asker that sends a terminal's open requests, the schedule by which
// connected terminals are asked, and the check for notified terminals.
import { takeDownCounters } from '../lib/polling/polling-commands.ts';
import { listTerminalsToAsk } from '../lib/polling/polling-queries.ts';
import { listCalledTerminals } from '../lib/terminals/terminal-test-queries.ts';
import { Downlink } from './dispatch/downlink.ts';
import type { TerminalCaller } from './frame-hops.ts';
import type { IngestDatabase } from './ingest-database.ts';
import { CALLED_EVERY_MS, type IngestOptions, SCHEDULE } from './ingest-options.ts';
import type { Log } from './log.ts';
import type { IngestMetrics } from './metrics.ts';
import { AskSchedule } from './schedule/ask-schedule.ts';
import { ASK_POLICY, TerminalAsker } from './schedule/ask-terminal.ts';
import { CalledTerminals } from './schedule/called-terminals.ts';
import { pollStore } from './schedule/poll-store.ts';
import type { ConnectedTerminals } from './session/connected-terminals.ts';
import type { SessionRegistry } from './session/session-registry.ts';
import type { Connection } from './session/terminal-session.ts';

export interface DownlinkPathOptions {
  database: IngestDatabase;
  registry: SessionRegistry;
  connected: ConnectedTerminals;
  metrics: IngestMetrics;
  log: Log;
  now: () => number;
  given: Pick<IngestOptions, 'asking' | 'schedule' | 'calledEveryMs'>;
}

export class DownlinkPath implements TerminalCaller {
  readonly #downlink: Downlink;
  readonly #asker: TerminalAsker;
  readonly #schedule: AskSchedule;
  readonly #called: CalledTerminals;
  #ending: Promise<unknown> = Promise.resolve();

  constructor({ database, registry, connected, metrics, log, now, given }: DownlinkPathOptions) {
    const { pool, transact } = database;
    this.#downlink = new Downlink({
      ...{ metrics, log },
      takeCounters: ({ utilityId, terminalId }, count) =>
        transact(utilityId, (tx) => takeDownCounters(tx, terminalId, count)),
    });
    this.#asker = new TerminalAsker({
      ...{ log, now, policy: { ...ASK_POLICY, ...given.asking } },
      ...{ store: pollStore(transact), downlink: this.#downlink },
    });
    this.#called = new CalledTerminals({
      ...{ registry, downlink: this, log, now, everyMs: given.calledEveryMs ?? CALLED_EVERY_MS },
      list: (since) => listCalledTerminals(pool, since),
    });
    this.#schedule = new AskSchedule({
      ...{ connected, downlink: this, log, ...(given.schedule ?? SCHEDULE) },
      listWanted: (utilityId, terminalIds) =>
        database.read(utilityId, (db) => listTerminalsToAsk(db, terminalIds)),
    });
  }

  start(): void {
    this.#schedule.start();
    this.#called.start();
  }

  /** Asks nothing more. */
  drain(): void {
    this.#asker.stop();
    this.#ending = Promise.all([this.#schedule.stop(), this.#called.stop()]);
  }

  /** Resolves when the requests that were running at `drain` have ended. */
  async idle(): Promise<void> {
    await this.#ending;
  }

  onSubscribed(connection: Connection): void {
    this.#downlink.onSubscribed(connection);
    this.#asker.consider(connection);
  }

  callUp(connection: Connection | undefined): void {
    if (connection !== undefined) this.#asker.consider(connection);
  }
}
