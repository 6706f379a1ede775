// Keys and counters of a terminal: seals uplinks and opens downlinks [TERM-4, TERM-8].
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

/** Identity given to a terminal at its registration [TERM-1.2]. */
export interface TerminalIdentity {
  readonly number: string;
  readonly secret: string;
  /** The terminal key, 32 bytes. */
  readonly key: Buffer;
  readonly generation: number;
}

/** State that a terminal must keep when it loses power [TERM-1.3]. */
export interface TerminalMemory {
  /** A counter that no frame had before, stored as used before it is returned [TERM-8.1]. */
  nextCounter(): Promise<number>;
  readonly downWindow: ReplayWindow;
  rememberDownWindow(window: ReplayWindow): void;
}

/** A sealed frame with its counter. */
export interface SealedFrame {
  readonly counter: number;
  readonly bytes: Buffer;
}

export interface Terminal {
  readonly identity: TerminalIdentity;
  /** Seals with the next counter. */
  seal(message: UplinkMessage): Promise<SealedFrame>;
  /** Seals with a chosen counter and key, which a correct terminal never does. */
  sealWrongly(message: UplinkMessage, counter: number, terminalKey?: Buffer): SealedFrame;
  /** Message of a frame from the cloud; undefined when it is invalid or was seen before [TERM-8.8]. */
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
