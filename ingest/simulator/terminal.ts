// The part of a terminal that holds keys and counters: it seals what goes up and opens what comes down [TERM-4, TERM-8].
import { deriveTerminalKey } from '../../lib/keys/terminal-key.ts';
import { terminalBcd } from '../protocol/bcd.ts';
import { decodeHeader, openFrame } from '../protocol/frame.ts';
import {
  type DownlinkMessage,
  decodeDownlink,
  sealMessage,
  type UplinkMessage,
} from '../protocol/message.ts';
import { judgeCounter, type ReplayWindow, takeCounter } from '../protocol/replay-window.ts';

/** What a terminal was given when it was registered [TERM-1.2]. */
export interface TerminalIdentity {
  readonly number: string;
  readonly secret: string;
  /** The terminal key, 32 bytes. */
  readonly key: Buffer;
  readonly generation: number;
}

/** What a terminal must not forget when it loses power [TERM-1.3]. */
export interface TerminalMemory {
  /** A counter that no frame had before, stored as used before it is handed out [TERM-8.1]. */
  nextCounter(): Promise<number>;
  readonly downWindow: ReplayWindow;
  rememberDownWindow(window: ReplayWindow): void;
}

/** A frame that is sealed, and its counter. */
export interface SealedFrame {
  readonly counter: number;
  readonly bytes: Buffer;
}

export interface Terminal {
  readonly identity: TerminalIdentity;
  /** Seals under the next counter. */
  seal(message: UplinkMessage): Promise<SealedFrame>;
  /** Seals under a counter and a key of the caller's choice: what a sound terminal never does. */
  sealWrongly(message: UplinkMessage, counter: number, terminalKey?: Buffer): SealedFrame;
  /** What a frame from the cloud says; undefined when it is not valid or was seen before [TERM-8.8]. */
  open(frame: Buffer): DownlinkMessage | undefined;
}

export function createTerminal(identity: TerminalIdentity, memory: TerminalMemory): Terminal {
  const bcd = terminalBcd(identity.number);
  const uplinkKey = deriveTerminalKey(identity.key, 'uplink', bcd);
  const downlinkKey = deriveTerminalKey(identity.key, 'downlink', bcd);
  const envelope = { key: uplinkKey, terminalBcd: bcd, generation: identity.generation };
  return {
    identity,
    async seal(message) {
      const counter = await memory.nextCounter();
      return { counter, bytes: sealMessage({ ...envelope, counter }, message) };
    },
    sealWrongly(message, counter, terminalKey) {
      const key = terminalKey ? deriveTerminalKey(terminalKey, 'uplink', bcd) : uplinkKey;
      return { counter, bytes: sealMessage({ ...envelope, key, counter }, message) };
    },
    open(frame) {
      const header = decodeHeader(frame, 'down');
      if (!header.ok || header.generation !== identity.generation) return undefined;
      const opened = openFrame(frame, header, downlinkKey, bcd);
      if (!opened.ok) return undefined;
      if (judgeCounter(memory.downWindow, header.counter) !== 'fresh') return undefined;
      memory.rememberDownWindow(takeCounter(memory.downWindow, header.counter));
      const decoded = decodeDownlink(header.type, opened.payload);
      return decoded.ok ? decoded.message : undefined;
    },
  };
}
