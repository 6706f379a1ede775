// Path of a frame through the sidecar: the interfaces between its parts, in order, each with the class behind it.
// Branches of the path (a command, another look-up of the register) are in ingest/handlers.
import type { Socket } from 'node:net';
import type { PacketCounts, StreamFault } from './mqtt/packet-bounds.ts';
import type { Connection, UplinkFrame } from './session/terminal-session.ts';
import type { Batch } from './store/batch.ts';

/** 1. The listener's sockets: Broker (ingest/mqtt/broker.ts). */
export interface SocketOwner {
  /** A TCP connection was accepted; with TLS its handshake is still to come. */
  expect(raw: Socket): void;
  /** Data of a connection can be read from `socket`: without TLS the same as `raw`. */
  handle(socket: Socket, raw: Socket): void;
  /** True when that many more packets may come over a socket now; asked before any of them is parsed. */
  mayPass(socket: Socket, counts: PacketCounts): boolean;
  /** A packet on a socket is not allowed; nothing more is read from it. */
  refusePacket(socket: Socket, fault: StreamFault): void;
  /** A PUBACK was received. */
  acknowledged(socket: Socket, identifier: number): void;
}

/**
 * 2. Takes the frames of signed-in terminals from the broker: UplinkPath (ingest/uplink-path.ts), which passes each to
 * its lane.
 */
export interface FrameTaker {
  /** True while frames are taken. */
  readonly ready: boolean;
  accept(frame: UplinkFrame): void;
}

/**
 * What a handler did with a frame: added it to the batch, left it for the next batch, or took responsibility for it.
 */
export type Taken = 'batched' | 'deferred' | 'handled';

/**
 * 3. Decrypts and checks a frame for a lane, and adds it to the batch if valid: UplinkHandler
 * (ingest/handlers/on-uplink.ts).
 */
export interface FrameHandler {
  take(frame: UplinkFrame, batch: Batch): Taken;
}

/** 4. Acknowledges what is committed: Acknowledger (ingest/session/acknowledger.ts). */
export interface CommittedFrames {
  /** The frames are durable now. */
  committed(frames: readonly UplinkFrame[]): void;
}

/**
 * 4. Or stores a refused frame with its bytes, and then acknowledges it: SingleFrames
 * (ingest/handlers/single-frames.ts).
 */
export interface Quarantine {
  quarantine(frame: UplinkFrame, reason: string, offset: number | null): void;
}

/** 5. Sends a connected terminal its open requests once it is quiet: DownlinkPath (ingest/downlink-path.ts). */
export interface TerminalCaller {
  callUp(connection: Connection | undefined): void;
  /** SUBACK for the terminal's own down topic was sent. */
  onSubscribed(connection: Connection): void;
}
