// What is sent to terminals. Each connection has one queue, so that messages of several senders go out one after the other with rising
// counters, the most urgent first; and each sender learns what was proved of its messages.
import type { Log } from '../log.ts';
import type { IngestMetrics } from '../metrics.ts';
import { type DownlinkMessage, sealMessage } from '../protocol/message.ts';
import type { Connection } from '../session/terminal-session.ts';

/**
 * In the order in which they are sent. Commands to the valve come before everything else; a clock is set before days are reported again, so that
 * these bear the right time.
 */
export const PRIORITIES = ['emergency', 'test', 'clock', 'poll'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** One message after it was given to the connection. */
export interface Delivery {
  message: DownlinkMessage;
  /** handed: written to the connection, and perhaps lost on the way; gone: never sent, because the connection had ended or takes nothing. */
  state: 'handed' | 'gone';
  /** Key generation that sealed it; 0 where nothing did. */
  generation: number;
  /** acknowledged: the terminal sent PUBACK, which is what proves that it has it; gone: the connection ended before that. */
  outcome: Promise<'acknowledged' | 'gone'>;
}

export interface DownlinkOptions {
  /** Takes so many downlink counters of a terminal for good, and yields the first. */
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
  settle: (deliveries: Delivery[]) => void;
}

interface Queue {
  parcels: Parcel[];
  /** True while counters are taken for its parcels. */
  isSending: boolean;
}

export class Downlink {
  readonly #options: DownlinkOptions;
  readonly #queues = new WeakMap<Connection, Queue>();

  constructor(options: DownlinkOptions) {
    this.#options = options;
  }

  /**
   * Sends messages to a terminal with QoS 1, in their order; yields what became of each as soon as it was given to the connection. All
   * are `gone` where no counter can be taken, or where the terminal has not subscribed or its connection ends first: an emergency waits
   * until it has subscribed, the others are sent anew by their senders at the next contact.
   */
  send(
    connection: Connection,
    priority: Priority,
    messages: readonly DownlinkMessage[],
  ): Promise<Delivery[]> {
    if (messages.length === 0) return Promise.resolve([]);
    return new Promise((settle) => {
      const queue = this.#queueOf(connection);
      queue.parcels.push({ priority, messages, settle });
      this.#pump(connection, queue);
    });
  }

  /** The connection has subscribed: what waited for that is sent. */
  onSubscribed(connection: Connection): void {
    const queue = this.#queues.get(connection);
    if (queue !== undefined) this.#pump(connection, queue);
  }

  #queueOf(connection: Connection): Queue {
    let queue = this.#queues.get(connection);
    if (queue === undefined) {
      const made: Queue = { parcels: [], isSending: false };
      this.#queues.set(connection, made);
      connection.publisher.onEnded(() => giveUp(made.parcels.splice(0)));
      queue = made;
    }
    return queue;
  }

  #pump(connection: Connection, queue: Queue): void {
    if (queue.isSending || queue.parcels.length === 0) return;
    if (connection.closed) giveUp(queue.parcels.splice(0));
    if (!connection.subscribed) {
      giveUp(queue.parcels.filter(({ priority }) => priority !== 'emergency'));
      queue.parcels = queue.parcels.filter(({ priority }) => priority === 'emergency');
      return;
    }
    queue.isSending = true;
    void this.#send(connection, queue);
  }

  /** Sends what waits, and what comes while it does; whatever fails, the queue is free afterwards. */
  async #send(connection: Connection, queue: Queue): Promise<void> {
    try {
      while (queue.parcels.length > 0) await this.#sendSome(connection, queue);
    } catch (error) {
      const terminal = connection.session.number;
      this.#options.log.warn({ err: error, terminal }, 'no counters for messages to a terminal');
      giveUp(queue.parcels.splice(0));
    } finally {
      queue.isSending = false;
    }
  }

  /** Sends as much as waits now. @throws Error where no counters can be taken. */
  async #sendSome(connection: Connection, queue: Queue): Promise<void> {
    const asked = countOf(queue.parcels);
    let counter = await this.#options.takeCounters(connection.session, asked);
    // What came meanwhile goes first where it is more urgent; what then has no counter waits for the next ones.
    for (const parcel of takeFirst(queue, asked)) {
      parcel.settle(
        parcel.messages.map((message) => this.#publish(connection, message, counter++)),
      );
    }
  }

  /** A message that cannot be sealed or written is gone, and holds up no other one. */
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

  /** Seals with the key of the generation that the terminal last used [TERM-5.4], else of the newest. */
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

  /** The message is written: that it could not be counted does not make it gone. */
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

/** Takes parcels out of a queue, the most urgent first and among equals in their order, as long as they have so many messages at most. */
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

function giveUp(parcels: readonly Parcel[]): void {
  for (const { messages, settle } of parcels) settle(messages.map(goneOf));
}

function goneOf(message: DownlinkMessage): Delivery {
  return { message, state: 'gone', generation: 0, outcome: Promise.resolve('gone') };
}
