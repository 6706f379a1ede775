// Sidecar processes on one database, limited to owners of connections and messages to terminals: the product's own
// classes, with streams instead of sockets and a database that can be slow, unreachable or lose its answers for one
// process.
import { randomUUID } from 'node:crypto';
import { Duplex } from 'node:stream';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Client } from 'aedes';
import type pg from 'pg';
import { openConnection, transactAs } from '../../db/client.ts';
import type { TestDatabase } from '../../db/testing/database.ts';
import { elementAt } from '../../lib/certain.ts';
import { takeDownCounters } from '../../lib/polling/polling-commands.ts';
import {
  claimTerminals,
  holdTerminals,
  keepProcess,
  releaseTerminals,
  type TerminalKey,
} from '../../lib/terminals/owner-commands.ts';
import { TokenBucket } from '../../lib/token-bucket.ts';
import { Downlink } from '../dispatch/downlink.ts';
import { createLog } from '../log.ts';
import type { CutReason } from '../metrics.ts';
import { ConnectedTerminals } from '../session/connected-terminals.ts';
import { OwnerChannel } from '../session/owner-channel.ts';
import { ownedBy, TerminalOwners } from '../session/terminal-owners.ts';
import { Connection, TerminalSession } from '../session/terminal-session.ts';

export interface NumberedTerminal extends TerminalKey {
  terminalNumber: string;
}

/** One key for all terminals, with which sent frames are opened. */
export const DOWN_KEY = Buffer.alloc(32, 7);

/** Running work of the processes that ends by itself. */
export class Activity {
  /** Number of pieces of work so far. */
  count = 0;
  readonly #underWay = new Set<Promise<unknown>>();

  track<T>(work: Promise<T>): Promise<T> {
    this.count += 1;
    this.#underWay.add(work);
    const forget = () => this.#underWay.delete(work);
    work.then(forget, forget);
    return work;
  }

  /** Resolves when none is running. */
  async ended(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    await setImmediate();
  }
}

/** slow: statements run, their answers wait; away: no statement runs; lost: statements run, and no answer arrives. */
export type DatabaseState = 'there' | 'slow' | 'away' | 'lost';

/** The database as one process reaches it. */
class ReachedDatabase {
  state: DatabaseState = 'there';
  readonly #activity: Activity;
  #held: (() => void)[] = [];

  constructor(activity: Activity) {
    this.#activity = activity;
  }

  async run<T>(statement: () => Promise<T>): Promise<T> {
    this.#fail('away');
    const answer = await this.#activity.track(statement());
    if (this.state === 'slow') await new Promise<void>((resolve) => this.#held.push(resolve));
    this.#fail('away');
    this.#fail('lost');
    return answer;
  }

  /** Waiting answers arrive, or are lost with the connections. */
  become(state: DatabaseState): void {
    this.state = state;
    if (state !== 'slow') for (const letGo of this.#held.splice(0)) letGo();
  }

  #fail(state: DatabaseState): void {
    if (this.state === state) throw new Error(`the database is ${state}`);
  }
}

/** A terminal's end of a connection that is signing in or signed in. */
export interface Line {
  terminal: NumberedTerminal;
  process: TestProcess;
  stream: Duplex;
  client: Client;
  /** Set once it is signed in. */
  connection?: Connection;
  subscribes: boolean;
  /** True while it is not read: nothing more can be written. */
  isFull: boolean;
}

/** Observer of connections and their owners. */
export interface Watch {
  /** The connection received a packet. */
  written: (line: Line, packet: Buffer) => void;
  claimed: (terminalId: number, generation: number) => void;
  /** A claim or a release of these may have left a row. */
  unwritten: (terminals: readonly TerminalKey[]) => void;
  cut: (connection: Connection, reason: CutReason) => void;
}

export class TestProcess {
  readonly id = randomUUID();
  readonly lines = new Set<Line>();
  readonly reached: ReachedDatabase;
  readonly owners: TerminalOwners;
  readonly downlink: Downlink;
  /** True when a statement about connections failed; the sidecar compares them every minute. */
  hasMissed = false;
  /** True when its rows may have been removed; it learns that at its next report. */
  isTakenForEnded = false;
  readonly #database: TestDatabase;
  readonly #activity: Activity;
  readonly #watch: Watch;
  readonly #connected = new ConnectedTerminals();
  readonly #channel: OwnerChannel;
  #listening: pg.Client | undefined;
  #mayNotListen = false;
  #isKilled = false;

  constructor(database: TestDatabase, activity: Activity, watch: Watch) {
    this.#database = database;
    this.#activity = activity;
    this.#watch = watch;
    this.reached = new ReachedDatabase(activity);
    const log = createLog('silent');
    this.owners = this.#ownersOf(log);
    this.downlink = new Downlink({
      ...{ log, metrics: { sent: () => undefined } },
      takeCounters: ({ utilityId, terminalId }, count) =>
        this.reached.run(() =>
          transactAs(database.ingestDb, utilityId, (tx) => takeDownCounters(tx, terminalId, count)),
        ),
    });
    this.#channel = new OwnerChannel({
      ...{ processId: this.id, log, limits: { everyMs: 3_600_000, minDelayMs: 1, maxDelayMs: 1 } },
      open: () => this.#openChannel(),
      keep: (client) => activity.track(keepProcess(client, this.id)),
      owners: {
        holdAll: () => this.owners.holdAll(),
        call: (terminalId) => {
          activity.count += 1;
          this.owners.call(terminalId);
        },
      },
    });
  }

  start(): Promise<void> {
    return this.#activity.track(this.#channel.start());
  }

  /** Resolves when earlier notifications have arrived. */
  async heard(): Promise<void> {
    await this.#listening?.query('select').catch(() => undefined);
  }

  /** Breaks its notification connection, which cannot be reopened until it may `listen`. */
  async stopListening(): Promise<void> {
    this.#mayNotListen = true;
    await this.#listening?.end().catch(() => undefined);
  }

  /** Resolves when it can be notified again, unless the database is unreachable. */
  async listen(): Promise<void> {
    this.#mayNotListen = false;
    while (this.#mayListen() && this.#listening === undefined) await setImmediate();
  }

  /** Ends without cleanup: nothing is written any more, and the system closes its sockets. */
  async kill(): Promise<void> {
    this.#isKilled = true;
    this.reached.become('away');
    this.#channel.close();
    await this.#listening?.end().catch(() => undefined);
    for (const { stream } of this.lines) stream.destroy();
    await setImmediate();
  }

  /** A terminal connects; resolves when its CONNECT was sent. */
  connect(terminal: NumberedTerminal, subscribes: boolean): void {
    const line = this.#lineOf(terminal, subscribes);
    this.lines.add(line);
    this.owners.claim(terminal).then(
      (ownerGeneration) => this.#admit(line, ownerGeneration),
      () => line.stream.destroy(),
    );
  }

  subscribe(line: Line): void {
    if (line.connection === undefined) return;
    line.connection.subscribed = true;
    this.downlink.onSubscribed(line.connection);
  }

  #mayListen(): boolean {
    return !this.#mayNotListen && ['there', 'slow'].includes(this.reached.state);
  }

  async #openChannel(): Promise<pg.Client> {
    while (!this.#mayListen() && !this.#isKilled) await setTimeout(1);
    const client = await this.#activity.track(openConnection(this.#database.ingestPool));
    client.on('end', () => {
      if (this.#listening === client) this.#listening = undefined;
    });
    this.#listening = client;
    return client;
  }

  #ownersOf(log: ReturnType<typeof createLog>): TerminalOwners {
    const { ingestPool } = this.#database;
    const claim = async (terminals: readonly TerminalKey[]) => {
      const generations = await claimTerminals(ingestPool, this.id, terminals);
      for (const [at, { terminalId }] of terminals.entries())
        this.#watch.claimed(terminalId, elementAt(generations, at));
      return generations;
    };
    return new TerminalOwners({
      claim: (terminals) => this.#run(terminals, () => claim(terminals)),
      release: (owned) => this.#run(owned, () => releaseTerminals(ingestPool, this.id, owned)),
      hold: (owned) => this.#run([], () => holdTerminals(ingestPool, this.id, owned)),
      ...{ connected: this.#connected, downlink: { callUp: () => undefined }, log },
    });
  }

  async #run<T>(written: readonly TerminalKey[], statement: () => Promise<T>): Promise<T> {
    try {
      return await this.reached.run(statement);
    } catch (error) {
      this.hasMissed = true;
      this.#watch.unwritten(written);
      throw error;
    }
  }

  /** As ingest/mqtt/sign-in.ts and broker.ts do once the terminal is known. */
  #admit(line: Line, ownerGeneration: number): void {
    const { terminal, client } = line;
    if (client.closed) {
      void this.owners.release({ ...terminal, generation: ownerGeneration });
      return;
    }
    const before = this.#connected.of(terminal.terminalId);
    const opened = { openedAtMs: 0, ownerGeneration };
    const connection = new Connection(client, sessionOf(terminal), opened, this.#watch.cut);
    line.connection = connection;
    this.#connected.add(connection);
    line.stream.once('close', () => {
      this.#connected.remove(connection);
      void this.owners.release(ownedBy(connection));
    });
    // The broker's library ends an earlier connection of the same client.
    before?.client.close();
    if (line.subscribes) this.subscribe(line);
  }

  #lineOf(terminal: NumberedTerminal, subscribes: boolean): Line {
    const stream = new Duplex({
      read: () => undefined,
      write: (packet: Buffer, _encoding, done) => {
        this.#watch.written(line, packet);
        done();
      },
    });
    Object.defineProperty(stream, 'writableNeedDrain', { get: () => line.isFull });
    const end = {
      conn: stream,
      get closed() {
        return stream.destroyed;
      },
      close: () => void stream.destroy(),
    };
    // The product uses only these members of the broker's client.
    const client = end as unknown as Client;
    const line: Line = { terminal, process: this, stream, client, subscribes, isFull: false };
    stream.once('close', () => this.lines.delete(line));
    return line;
  }
}

function sessionOf({ utilityId, terminalId, terminalNumber }: NumberedTerminal): TerminalSession {
  const bucket = new TokenBucket({ burst: 9, perSecond: 1 }, 0);
  const session = new TerminalSession(terminalNumber, {
    ...{ frames: bucket, control: bucket, faults: bucket },
    ...{ repeats: bucket, commands: bucket, settings: bucket },
  });
  session.utilityId = utilityId;
  session.terminalId = terminalId;
  session.keys = [{ generation: 1, uplink: DOWN_KEY, downlink: DOWN_KEY }];
  return session;
}
