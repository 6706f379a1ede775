// MQTT broker for terminals only, each with its own two topics. Frames are passed on from the publish hook, whose
// callback sends the PUBACK, so that what is acknowledged is committed [TERM-8.4].
import type { Socket } from 'node:net';
import { Aedes, type Client, type PublishPacket, type Subscription } from 'aedes';
import { networkOf } from '../../lib/client-network.ts';
import type { FrameTaker, SocketOwner, TerminalCaller } from '../frame-hops.ts';
import type { Log } from '../log.ts';
import type { CutReason, IngestMetrics, RefusalReason } from '../metrics.ts';
import { MAX_FRAME_BYTES } from '../protocol/frame-limits.ts';
import type { ConnectedTerminals } from '../session/connected-terminals.ts';
import type { SessionRegistry } from '../session/session-registry.ts';
import { ownedBy, type TerminalOwners } from '../session/terminal-owners.ts';
import { Connection, UplinkFrame } from '../session/terminal-session.ts';
import type { UnknownTerminals } from '../session/unknown-terminals.ts';
import type { PacketCounts, StreamFault } from './packet-bounds.ts';
import { type Admission, type AdmittingBroker, SignIn } from './sign-in.ts';
import { type UnsignedLimits, UnsignedStreams } from './unsigned-streams.ts';

/** Twice what a terminal may have [TERM-8.6]. */
const MAX_UNACKNOWLEDGED = 64;
const DRAIN_TIMEOUT_MS = 30_000;
/** CONNACK with return code 1: unacceptable protocol version. */
const CONNACK_WRONG_PROTOCOL = Buffer.from([0x20, 2, 0, 1]);

export interface BrokerOptions {
  registry: SessionRegistry;
  connected: ConnectedTerminals;
  owners: Pick<TerminalOwners, 'claim' | 'release'>;
  unknown: Pick<UnknownTerminals, 'note'>;
  /** Takes each frame that came over a connection that may send it. */
  uplink: FrameTaker;
  downlink: Pick<TerminalCaller, 'onSubscribed'>;
  metrics: IngestMetrics;
  log: Log;
  now: () => number;
  unsigned: UnsignedLimits;
  /** Terminals connected at one time. */
  maxConnections: number;
}

type Stream = Parameters<Aedes['handle']>[0];

/** Broker whose published frames go to the database and to no subscriber, so that its topic matching is skipped. */
class TerminalBroker extends Aedes {
  override publish(...given: Parameters<Aedes['publish']>): void {
    // The types describe a plugin's call; the broker itself passes the client between packet and callback.
    const [, client, done] = given as unknown as [unknown, Client | null, (() => void) | undefined];
    if (client && typeof client === 'object') done?.();
    else super.publish(...given);
  }
}

export class Broker implements SocketOwner, AdmittingBroker {
  readonly #options: BrokerOptions;
  readonly #connections = new Map<Client, Connection>();
  readonly #byStream = new Map<unknown, Connection>();
  readonly #unsigned: UnsignedStreams;
  #draining = false;
  readonly #aedes: Aedes;
  readonly #signIn: SignIn;

  constructor(options: BrokerOptions) {
    this.#options = options;
    this.#signIn = new SignIn({ ...options, broker: this });
    this.#unsigned = new UnsignedStreams({
      ...options.unsigned,
      onDropped: (reason) => options.metrics.cut(reason),
    });
    this.#aedes = new TerminalBroker({
      connectTimeout: options.unsigned.signInMs,
      drainTimeout: DRAIN_TIMEOUT_MS,
      maxTopicLevels: 3,
      preConnect: (client, packet, callback) => {
        this.#unsigned.spoke(client.conn);
        this.#signIn.examine(client, packet);
        callback(null, true);
      },
      authenticate: (client, username, password, done) => {
        this.#signIn.authenticate(client, username, password).then(
          (error) => done(error ?? null, error === undefined),
          (error) => this.#onFault(client, error),
        );
      },
      authorizePublish: (client, packet, callback) => this.#onPublish(client, packet, callback),
      authorizeSubscribe: (client, subscription, callback) => {
        callback(this.#subscriptionFault(client, subscription), subscription);
      },
    });
  }

  get connections(): ReadonlyMap<unknown, Connection> {
    return this.#connections;
  }

  /** True from `drain` on. */
  get draining(): boolean {
    return this.#draining;
  }

  async start(): Promise<void> {
    const aedes = this.#aedes;
    await aedes.listen();
    aedes.on('subscribe', (subscriptions, client) => {
      const connection = this.#connections.get(client);
      const topic = connection?.session.downTopic;
      if (!connection || !subscriptions.some((each) => each.topic === topic)) return;
      connection.subscribed = true;
      this.#options.downlink.onSubscribed(connection);
    });
    aedes.on('unsubscribe', (filters, client) => {
      const connection = this.#connections.get(client);
      if (connection && filters.includes(connection.session.downTopic))
        connection.subscribed = false;
    });
    const quiet = (client: Client, error: Error) => {
      this.#options.log.debug({ terminal: client.id, err: error }, 'connection ended by a fault');
    };
    aedes.on('clientError', quiet);
    aedes.on('connectionError', quiet);
  }

  /** The time limit for the sign-in begins. */
  expect(raw: Socket): void {
    if (this.#draining) raw.destroy();
    else this.#unsigned.add(raw, networkOf(raw.remoteAddress));
  }

  handle(stream: Stream, raw: Socket): void {
    if (!this.#unsigned.secured(raw, stream)) stream.destroy();
    else this.#aedes.handle(stream);
  }

  /** Closes the connection when they may not pass. */
  mayPass(stream: Stream, { publishes, others }: PacketCounts): boolean {
    const connection = this.#byStream.get(stream);
    // Before CONNACK the broker's library does not read on.
    if (connection === undefined) return true;
    const nowMs = this.#options.now();
    const { frames, control } = connection.session.buckets;
    if (frames.take(nowMs, publishes) && control.take(nowMs, others)) return true;
    connection.cut('too_frequent');
    return false;
  }

  /** Closes a connection for a packet that a terminal may not send. */
  refusePacket(stream: Socket, fault: StreamFault): void {
    const { metrics, log } = this.#options;
    const connection = this.#byStream.get(stream);
    if (connection !== undefined) {
      connection.cut(fault === 'wrong_protocol' ? 'malformed' : fault);
    } else if (fault === 'wrong_protocol') {
      metrics.refused(fault);
      log.info({ reason: fault }, 'connection refused');
      stream.end(CONNACK_WRONG_PROTOCOL);
    } else {
      metrics.cut(fault);
      stream.destroy();
    }
  }

  acknowledged(stream: Socket, identifier: number): void {
    this.#byStream.get(stream)?.publisher.acknowledged(identifier);
  }

  /** Accepts no more terminals and frames, and closes every connection that has not signed in, now and from now on. */
  drain(): void {
    this.#draining = true;
    this.#unsigned.destroyAll();
  }

  /** Closes every connection once its written data is sent; resolves when all have ended. */
  async close(): Promise<void> {
    const streams = [...this.#connections.keys()].map((client) => client.conn);
    await Promise.all(
      streams.map(
        (stream) =>
          new Promise<void>((resolve) => {
            stream.once('close', resolve);
            stream.end();
          }),
      ),
    );
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
  }

  closedBecause(): RefusalReason | undefined {
    if (this.#draining) return 'draining';
    if (!this.#options.uplink.ready) return 'database_away';
    return this.#connections.size >= this.#options.maxConnections
      ? 'too_many_connections'
      : undefined;
  }

  admit(client: Client, { terminal, keys, ownerGeneration }: Admission): void {
    const { registry, now } = this.#options;
    const session = registry.open(client.id, terminal, keys);
    const opened = { openedAtMs: now(), ownerGeneration };
    const connection = new Connection(client, session, opened, (_, reason) =>
      this.#countCut(client, reason),
    );
    this.#unsigned.forget(client.conn);
    this.#byStream.set(client.conn, connection);
    this.#connections.set(client, connection);
    session.connection = connection;
    this.#options.connected.add(connection);
    // Not the broker's own event, which is missing when a client disconnects before it was registered.
    client.conn.once('close', () => this.#onDisconnect(connection));
  }

  #onDisconnect(connection: Connection): void {
    const { session } = connection;
    this.#connections.delete(connection.client);
    this.#options.connected.remove(connection);
    void this.#options.owners.release(ownedBy(connection));
    this.#byStream.delete(connection.client.conn);
    session.lastUsedAtMs = this.#options.now();
    // After a take-over the session already belongs to the later connection.
    if (session.connection === connection) session.connection = undefined;
  }

  #onPublish(
    client: Client | null,
    packet: PublishPacket,
    callback: (error?: Error | null) => void,
  ): void {
    const connection = client === null ? undefined : this.#connections.get(client);
    if (connection === undefined) {
      callback(new Error('not signed in'));
      return;
    }
    const nowMs = this.#options.now();
    const fault = publishFault(connection, packet);
    if (fault !== undefined) {
      connection.cut(fault);
      return;
    }
    connection.unacknowledged += 1;
    connection.lastActiveAtMs = nowMs;
    // No PUBACK while draining: the terminal sends the frame again elsewhere.
    if (this.#draining) return;
    const bytes = packet.payload as Buffer;
    this.#options.uplink.accept(new UplinkFrame(connection, bytes, nowMs, callback));
  }

  #subscriptionFault(client: Client, { topic, qos }: Subscription): Error | null {
    const connection = this.#connections.get(client);
    if (connection === undefined) return new Error('not signed in');
    // [TERM-2.2] [TERM-2.3] Its own down topic, with QoS 1.
    if (topic === connection.session.downTopic && qos === 1) return null;
    connection.cut(qos === 1 ? 'foreign_topic' : 'wrong_qos');
    return new Error('subscription refused');
  }

  #countCut(client: Client, reason: CutReason): void {
    this.#options.metrics.cut(reason);
    this.#options.log.info({ terminal: client.id, reason }, 'connection ended');
  }

  #onFault(client: Client, error: unknown): void {
    this.#options.log.error({ err: error }, 'sign-in failed');
    client.close();
  }
}

function publishFault(connection: Connection, packet: PublishPacket): CutReason | undefined {
  // [MQTT-2.3.1-1] An identifier is never 0.
  if (packet.qos > 0 && packet.messageId === 0) return 'malformed';
  if (packet.topic !== connection.session.upTopic) return 'foreign_topic';
  if (packet.qos !== 1) return 'wrong_qos';
  if (packet.retain) return 'retained';
  if (packet.payload.length > MAX_FRAME_BYTES) return 'oversize';
  if (connection.unacknowledged >= MAX_UNACKNOWLEDGED) return 'too_many_unacknowledged';
  return undefined;
}
