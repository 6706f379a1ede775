// Downlink messages. Each connection has one queue, so that messages of several senders are sent in sequence with
// rising counters, the most urgent first; each sender learns which of its messages were handed over and acknowledged.
import type { Log } from '../log.ts';
import type { IngestMetrics } from '../metrics.ts';
import { type DownlinkMessage, sealMessage } from '../protocol/message.ts';
import type { Connection } from '../session/terminal-session.ts';

/**
 * In the order of sending. Valve commands come first; a clock is set before days are reported again, so that their
 * times are right.
 */
export const PRIORITIES = ['emergency', 'test', 'clock', 'poll'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** One message after it was given to the connection. */
export interface Delivery {
  message: DownlinkMessage;
  /**
   * handed: written to the connection, and possibly lost on the way; gone: never sent, because the connection had ended
   * or accepts nothing.
   */
  state: 'handed' | 'gone';
  /** Key generation that sealed it; 0 when it was not sealed. */
  generation: number;
  /**
   * acknowledged: the terminal sent PUBACK, which proves that it has the message; gone: the connection ended before.
   */
  outcome: Promise<'acknowledged' | 'gone'>;
}

export interface DownlinkOptions {
  /** Takes that many downlink counters of a terminal permanently, and returns the first. */
  takeCounters: (
    terminal: { utilityId: number; terminalId: number },
    count: number,
  ) => Promise<number>;
  metrics: Pick<IngestMetrics, 'sent'>;
  log: Log;
}

/** Messages of one sender. */
interface Parcel {
  priority: Priority;
  messages: readonly DownlinkMessage[];
  resolve: (deliveries: Delivery[]) => void;
}

interface Queue {
  parcels: Parcel[];
  /** True while counters are being taken for its parcels. */
  isSending: boolean;
}

export class Downlink {
  readonly #options: DownlinkOptions;
  readonly #queues = new WeakMap<Connection, Queue>();

  constructor(options: DownlinkOptions) {
    this.#options = options;
  }

  /**
   * Sends messages to a terminal with QoS 1, in order; resolves with the state of each once it was given to the
   * connection. All are `gone` when no counter can be taken, when the terminal has not subscribed, or when its
   * connection ends first: only an emergency waits for the subscription, the others are sent again by their senders at
   * the next contact.
   */
  send(
    connection: Connection,
    priority: Priority,
    messages: readonly DownlinkMessage[],
  ): Promise<Delivery[]> {
    if (messages.length === 0) return Promise.resolve([]);
    return new Promise((resolve) => {
      const queue = this.#queueOf(connection);
      queue.parcels.push({ priority, messages, resolve });
      this.#pump(connection, queue);
    });
  }

  /** The connection has subscribed: sends what waited for that. */
  onSubscribed(connection: Connection): void {
    const queue = this.#queues.get(connection);
    if (queue !== undefined) this.#pump(connection, queue);
  }

  #queueOf(connection: Connection): Queue {
    let queue = this.#queues.get(connection);
    if (queue === undefined) {
      const made: Queue = { parcels: [], isSending: false };
      this.#queues.set(connection, made);
      connection.publisher.onEnded(() => dropAll(made.parcels.splice(0)));
      queue = made;
    }
    return queue;
  }

  #pump(connection: Connection, queue: Queue): void {
    if (queue.isSending || queue.parcels.length === 0) return;
    if (connection.closed) dropAll(queue.parcels.splice(0));
    if (!connection.subscribed) {
      dropAll(queue.parcels.filter(({ priority }) => priority !== 'emergency'));
      queue.parcels = queue.parcels.filter(({ priority }) => priority === 'emergency');
      return;
    }
    queue.isSending = true;
    void this.#send(connection, queue);
  }

  /** Sends what waits, and what arrives meanwhile; the queue is free afterwards even after an error. */
  async #send(connection: Connection, queue: Queue): Promise<void> {
    try {
      while (queue.parcels.length > 0) await this.#sendSome(connection, queue);
    } catch (error) {
      const terminal = connection.session.number;
      this.#options.log.warn({ err: error, terminal }, 'no counters for messages to a terminal');
      dropAll(queue.parcels.splice(0));
    } finally {
      queue.isSending = false;
    }
  }

  /** Sends what waits now. @throws Error when no counters can be taken */
  async #sendSome(connection: Connection, queue: Queue): Promise<void> {
    const wanted = countOf(queue.parcels);
    let counter = await this.#options.takeCounters(connection.session, wanted);
    // More urgent messages that arrived meanwhile go first; messages left without a counter wait for the next ones.
    for (const parcel of takeFirst(queue, wanted)) {
      parcel.resolve(
        parcel.messages.map((message) => this.#publish(connection, message, counter++)),
      );
    }
  }

  /** A message that cannot be sealed or written is gone; the others are sent. */
  #publish(connection: Connection, message: DownlinkMessage, counter: number): Delivery {
    try {
      return this.#sealAndHand(connection, message, counter);
    } catch (error) {
      const about = { terminal: connection.session.number, type: message.type };
      this.#options.log.error(
        { err: error, ...about },
        'a message to a terminal could not be sent',
      );
      return goneOf(message);
    }
  }

  /** Seals with the key of the generation that the terminal used last [TERM-5.4], otherwise of the newest. */
  #sealAndHand(connection: Connection, message: DownlinkMessage, counter: number): Delivery {
    const { session } = connection;
    const keys =
      (connection.generation === undefined ? undefined : session.keysOf(connection.generation)) ??
      session.keys.at(-1);
    if (keys === undefined || connection.closed || !connection.subscribed) return goneOf(message);
    const envelope = {
      ...{ key: keys.downlink, terminalBcd: session.bcd, generation: keys.generation, counter },
    };
    const frame = sealMessage(envelope, message);
    const acknowledged = connection.publisher.publish(session.downTopic, frame);
    if (acknowledged === undefined) return goneOf(message);
    const outcome = acknowledged.then((is): 'acknowledged' | 'gone' =>
      is ? 'acknowledged' : 'gone',
    );
    this.#count(message);
    return { message, state: 'handed', generation: keys.generation, outcome };
  }

  /** An error of counting leaves a written message `handed`. */
  #count(message: DownlinkMessage): void {
    try {
      this.#options.metrics.sent(message.type);
    } catch (error) {
      this.#options.log.error({ err: error, type: message.type }, 'a sent message was not counted');
    }
  }
}

function countOf(parcels: readonly Parcel[]): number {
  return parcels.reduce((sum, { messages }) => sum + messages.length, 0);
}

/** Removes parcels from a queue, the most urgent first and equal ones in order, with at most `most` messages. */
function takeFirst(queue: Queue, most: number): Parcel[] {
  const rank = ({ priority }: Parcel) => PRIORITIES.indexOf(priority);
  const ordered = [...queue.parcels].sort((a, b) => rank(a) - rank(b));
  const taken: Parcel[] = [];
  let count = 0;
  for (const parcel of ordered) {
    count += parcel.messages.length;
    if (count > most) break;
    taken.push(parcel);
  }
  queue.parcels = ordered.slice(taken.length);
  return taken;
}

function dropAll(parcels: readonly Parcel[]): void {
  for (const { messages, resolve } of parcels) resolve(messages.map(goneOf));
}

function goneOf(message: DownlinkMessage): Delivery {
  return { message, state: 'gone', generation: 0, outcome: Promise.resolve('gone') };
}
