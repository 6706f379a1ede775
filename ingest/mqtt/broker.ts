// The broker: it knows only terminals, each with its own two topics. A frame is handed on from the publish hook, whose
// callback lets the PUBACK out, so what is acknowledged is committed [TERM-8.4].
import { Aedes, type Client, type PublishPacket, type Subscription } from 'aedes';
import type { Log } from '../log.ts';
import type { CutReason, IngestMetrics, RefusalReason } from '../metrics.ts';
import { MAX_FRAME_BYTES } from '../protocol/limits.ts';
import type { Found, SessionRegistry } from './session-registry.ts';
import { SignIn } from './sign-in.ts';
import { Connection, UplinkFrame } from './terminal.ts';
import { type Rate, TokenBucket } from './token-bucket.ts';

/** Twice what a terminal may have [TERM-8.6]. */
const MAX_UNACKNOWLEDGED = 64;
const CONNECT_TIMEOUT_MS = 10_000;
const DRAIN_TIMEOUT_MS = 30_000;

export interface BrokerOptions {
  registry: SessionRegistry;
  metrics: IngestMetrics;
  log: Log;
  now: () => number;
  /** Frames a second of one connection. */
  frames: Rate;
  closedBecause: () => RefusalReason | undefined;
  onUnknownTerminal: (terminalNumber: string) => void;
  /** A frame that came over a connection that may send it. */
  onFrame: (frame: UplinkFrame) => void;
  /** SUBACK for its own down topic went out. */
  onSubscribed: (connection: Connection) => void;
}

/** What a terminal publishes goes to the database and to no subscriber: the way through the broker's topics is left out. */
class TerminalBroker extends Aedes {
  override publish(...given: Parameters<Aedes['publish']>): void {
    const [, client, done] = given as unknown as [unknown, Client | null, (() => void) | undefined];
    if (client && typeof client === 'object') done?.();
    else super.publish(...given);
  }
}

export class Broker {
  readonly #options: BrokerOptions;
  readonly #connections = new Map<Client, Connection>();
  readonly #aedes: Aedes;
  readonly #signIn: SignIn;

  constructor(options: BrokerOptions) {
    this.#options = options;
    this.#signIn = new SignIn({
      ...options,
      admit: (client, found) => this.#admit(client, found),
    });
    this.#aedes = new TerminalBroker({
      connectTimeout: CONNECT_TIMEOUT_MS,
      drainTimeout: DRAIN_TIMEOUT_MS,
      maxTopicLevels: 3,
      preConnect: (client, packet, callback) => {
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

  async listen(): Promise<void> {
    const aedes = this.#aedes;
    await aedes.listen();
    aedes.on('subscribe', (subscriptions, client) => {
      const connection = this.#connections.get(client);
      const topic = connection?.session.downTopic;
      if (!connection || !subscriptions.some((each) => each.topic === topic)) return;
      connection.subscribed = true;
      this.#options.onSubscribed(connection);
    });
    const quiet = (client: Client, error: Error) => {
      this.#options.log.debug({ terminal: client.id, err: error }, 'connection ended by a fault');
    };
    aedes.on('clientError', quiet);
    aedes.on('connectionError', quiet);
  }

  /** Takes over a stream on which a client will speak MQTT. */
  handle(stream: Parameters<Aedes['handle']>[0]): void {
    this.#aedes.handle(stream);
  }

  /** Ends every connection after what was written to it is out, or at the deadline. */
  async close(deadlineMs: number): Promise<void> {
    const streams = [...this.#connections.keys()].map((client) => client.conn);
    const ended = streams.map(
      (stream) =>
        new Promise<void>((resolve) => {
          stream.once('close', resolve);
          stream.end();
        }),
    );
    const deadline = new Promise((resolve) => setTimeout(resolve, deadlineMs).unref());
    await Promise.race([Promise.all(ended), deadline]);
    await new Promise<void>((resolve) => this.#aedes.close(resolve));
  }

  #admit(client: Client, found: Found): void {
    const { registry, frames, now } = this.#options;
    const session = registry.open(client.id, found);
    const bucket = new TokenBucket(frames, now());
    const connection = new Connection(client, session, bucket, (_, reason) =>
      this.#countCut(client, reason),
    );
    connection.lastActiveAtMs = now();
    this.#connections.set(client, connection);
    session.connection = connection;
    // Not the broker's own event: that one is missing when a client goes before it was registered.
    client.conn.once('close', () => this.#onDisconnect(connection));
  }

  #onDisconnect(connection: Connection): void {
    const { session } = connection;
    this.#connections.delete(connection.client);
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
    const fault = publishFault(connection, packet, nowMs);
    if (fault !== undefined) {
      connection.cut(fault);
      return;
    }
    connection.unacknowledged += 1;
    connection.lastActiveAtMs = nowMs;
    const bytes = packet.payload as Buffer;
    this.#options.onFrame(new UplinkFrame(connection, bytes, nowMs, callback));
  }

  #subscriptionFault(client: Client, { topic, qos }: Subscription): Error | null {
    const connection = this.#connections.get(client);
    if (connection === undefined) return new Error('not signed in');
    // [TERM-2.2] [TERM-2.3] its own down topic, with QoS 1.
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

function publishFault(
  connection: Connection,
  packet: PublishPacket,
  nowMs: number,
): CutReason | undefined {
  if (packet.topic !== connection.session.upTopic) return 'foreign_topic';
  if (packet.qos !== 1) return 'wrong_qos';
  if (packet.retain) return 'retained';
  if (packet.payload.length > MAX_FRAME_BYTES) return 'oversize';
  if (connection.unacknowledged >= MAX_UNACKNOWLEDGED) return 'too_many_unacknowledged';
  if (!connection.frames.take(nowMs)) return 'too_frequent';
  return undefined;
}
