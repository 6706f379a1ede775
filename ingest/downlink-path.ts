// What is sent to terminals, and when: the queue of each connection, the asker that looks at what is wanted of a terminal, the
// clock by which connected terminals are asked, and the look at terminals that are called.
import { takeDownCounters } from '../lib/polling/polling-commands.ts';
import { listTerminalsToAsk } from '../lib/polling/polling-queries.ts';
import { listCalledTerminals } from '../lib/terminals/terminal-test-queries.ts';
import { Downlink } from './dispatch/downlink.ts';
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

export class DownlinkPath {
  readonly #options: DownlinkPathOptions;
  readonly #downlink: Downlink;
  readonly #asker: TerminalAsker;
  readonly #schedule: AskSchedule;
  readonly #called: CalledTerminals;

  constructor(options: DownlinkPathOptions) {
    this.#options = options;
    const { database, registry, log, now, given } = options;
    const { pool, transact } = database;
    this.#downlink = new Downlink({
      ...options,
      takeCounters: ({ utilityId, terminalId }, count) =>
        transact(utilityId, (tx) => takeDownCounters(tx, terminalId, count)),
    });
    this.#asker = new TerminalAsker({
      ...{ log, now, policy: { ...ASK_POLICY, ...given.asking } },
      ...{ store: pollStore(transact), downlink: this.#downlink },
    });
    this.#called = new CalledTerminals({
      ...{ log, now, everyMs: given.calledEveryMs ?? CALLED_EVERY_MS },
      list: (since) => listCalledTerminals(pool, since),
      callUp: (number) => this.callUp(registry.session(number)?.connection),
      cutRetired: (number) => registry.cutRetired(number),
    });
    this.#schedule = new AskSchedule({
      log,
      listUtilities: () => options.connected.utilities(),
      askConnected: (utilityId) => this.#askConnected(utilityId),
      ...(given.schedule ?? SCHEDULE),
    });
  }

  start(): void {
    this.#schedule.start();
    this.#called.start();
  }

  /** Asks nothing more; settles when what is under way has ended. */
  async stop(): Promise<void> {
    this.#asker.stop();
    await Promise.all([this.#schedule.stop(), this.#called.stop()]);
  }

  /** SUBACK for the terminal's own down topic went out. */
  onSubscribed(connection: Connection): void {
    this.#downlink.onSubscribed(connection);
    this.#asker.consider(connection);
  }

  /** Has a connected terminal sent what is open for it, once it is quiet. */
  callUp(connection: Connection | undefined): void {
    if (connection !== undefined) this.#asker.consider(connection);
  }

  async #askConnected(utilityId: number): Promise<void> {
    const { connected, database } = this.#options;
    const terminals = [...connected.ofUtility(utilityId).keys()];
    const wanted = await database.read(utilityId, (db) => listTerminalsToAsk(db, terminals));
    for (const terminalId of wanted) this.callUp(connected.of(terminalId));
  }
}
