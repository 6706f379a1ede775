import type { Connection } from '../mqtt/terminal.ts';
import { type DownlinkMessage, sealMessage } from '../protocol/message.ts';

/** Messages for a terminal with the downlink counters that were taken for them, one after the other from the first. */
export interface SealedCounters {
  firstCounter: number;
  messages: readonly DownlinkMessage[];
}

/**
 * Seals messages and hands them to the terminal's connection with QoS 1; settles when they are written. The key is that of
 * the generation which the terminal last used [TERM-5.4], else of the newest. Nothing is sent where the connection is gone.
 */
export async function sendDown(connection: Connection, sealed: SealedCounters): Promise<void> {
  const { session, client } = connection;
  const keys =
    (connection.generation === undefined ? undefined : session.keysOf(connection.generation)) ??
    session.keys.at(-1);
  if (keys === undefined) return;
  for (const [at, message] of sealed.messages.entries()) {
    if (connection.closed || !connection.subscribed) return;
    const payload = sealMessage(
      {
        key: keys.downlink,
        terminalBcd: session.bcd,
        generation: keys.generation,
        counter: sealed.firstCounter + at,
      },
      message,
    );
    const topic = session.downTopic;
    await new Promise<void>((resolve, reject) => {
      const packet = { cmd: 'publish', topic, payload, qos: 1, dup: false, retain: false } as const;
      client.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
  }
}
