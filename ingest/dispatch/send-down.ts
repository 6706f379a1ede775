import type { Connection } from '../mqtt/terminal.ts';
import { type DownlinkMessage, sealMessage } from '../protocol/message.ts';

/** Messages to be sealed for a terminal, and the downlink counters that were taken for them. */
export interface NumberedMessages {
  /** Counter of the first message; each further one has the next counter. */
  firstCounter: number;
  messages: readonly DownlinkMessage[];
}

/**
 * Seals messages and hands them to the terminal's connection with QoS 1; resolves when they are written, rejects when one cannot be. The key is that of
 * the generation which the terminal last used [TERM-5.4], else of the newest. Nothing is sent where the connection is gone.
 */
export async function sendDown(connection: Connection, numbered: NumberedMessages): Promise<void> {
  const { session, client } = connection;
  const keys =
    (connection.generation === undefined ? undefined : session.keysOf(connection.generation)) ??
    session.keys.at(-1);
  if (keys === undefined) return;
  for (const [at, message] of numbered.messages.entries()) {
    if (connection.closed || !connection.subscribed) return;
    const payload = sealMessage(
      {
        key: keys.downlink,
        terminalBcd: session.bcd,
        generation: keys.generation,
        counter: numbered.firstCounter + at,
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
