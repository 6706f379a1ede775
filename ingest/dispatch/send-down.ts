import { type DownlinkMessage, sealMessage } from '../protocol/message.ts';
import type { Connection } from '../session/terminal-session.ts';

/** Messages to be sealed for a terminal, and the downlink counters that were taken for them. */
export interface NumberedMessages {
  /** Counter of the first message; each further one has the next counter. */
  firstCounter: number;
  messages: readonly DownlinkMessage[];
}

/** The outcome of one message. */
export interface Delivery {
  message: DownlinkMessage;
  /** gone: not sent, because its connection had ended or took nothing; handed: sent, and perhaps lost. */
  state: 'gone' | 'handed';
  /** Key generation that sealed it. */
  generation: number;
  /** Whether the terminal acknowledged it, which is what proves that it has it; settles when the connection ends at the latest. */
  acknowledged: Promise<boolean>;
}

/**
 * Seals messages and hands them to the terminal's connection with QoS 1. The key is that of the generation which the terminal
 * last used [TERM-5.4], else of the newest.
 */
export function sendDown(connection: Connection, numbered: NumberedMessages): Delivery[] {
  const { session } = connection;
  const keys =
    (connection.generation === undefined ? undefined : session.keysOf(connection.generation)) ??
    session.keys.at(-1);
  return numbered.messages.map((message, at) => {
    const handed =
      keys === undefined || connection.closed || !connection.subscribed
        ? undefined
        : connection.downlink.publish(
            session.downTopic,
            sealMessage(
              {
                key: keys.downlink,
                terminalBcd: session.bcd,
                generation: keys.generation,
                counter: numbered.firstCounter + at,
              },
              message,
            ),
          );
    return {
      message,
      state: handed === undefined ? 'gone' : 'handed',
      generation: keys?.generation ?? 0,
      acknowledged: handed ?? Promise.resolve(false),
    };
  });
}
