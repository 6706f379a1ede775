// The way of a frame through the sidecar, hop by hop: the interfaces by which its parts are handed to one another, in the order of the
// way, each with the class behind it. What leaves the way (a command, a second look at the register) is in ingest/handlers.
import type { Socket } from 'node:net';
import type { PacketCounts, StreamFault } from './mqtt/packet-bounds.ts';
import type { Connection, UplinkFrame } from './session/terminal-session.ts';
import type { Batch } from './store/batch.ts';

/** 1. The listener's sockets: Broker (ingest/mqtt/broker.ts). */
export interface SocketOwner {
  /** A TCP connection is there; with TLS its handshake is still to come. */
  expect(raw: Socket): void;
  /** What is said on a connection can be read from `socket`: without TLS `raw` itself. */
  handle(socket: Socket, raw: Socket): void;
  /** Whether so many packets more may come over a socket now; asked before any of them is parsed. */
  mayPass(socket: Socket, counts: PacketCounts): boolean;
  /** A packet on a socket is not allowed; nothing more of it is read. */
  refusePacket(socket: Socket, fault: StreamFault): void;
  /** A PUBACK came. */
  acknowledged(socket: Socket, identifier: number): void;
}

/** 2. Takes the frames of signed-in terminals from the broker: UplinkPath (ingest/uplink-path.ts), which gives each to its lane. */
export interface FrameTaker {
  /** True while frames are taken. */
  readonly ready: boolean;
  accept(frame: UplinkFrame): void;
}

/** What a handler did with a frame: put it into the batch, left it for the next batch, or took charge of it itself. */
export type Taken = 'batched' | 'deferred' | 'handled';

/** 3. Opens and judges a frame for a lane, and puts it into the batch where it is good: UplinkHandler (ingest/handlers/on-uplink.ts). */
export interface FrameHandler {
  take(frame: UplinkFrame, batch: Batch): Taken;
}

/** 4. Acknowledges what is committed: Acknowledger (ingest/session/acknowledger.ts). */
export interface CommittedFrames {
  /** The frames are durable now. */
  committed(frames: readonly UplinkFrame[]): void;
}

/** 4. Or keeps what is not stored with its bytes, and acknowledges it after that: SingleFrames (ingest/handlers/single-frames.ts). */
export interface Quarantine {
  quarantine(frame: UplinkFrame, reason: string, offset: number | null): void;
}

/** 5. Has a connected terminal sent what is open for it, once it is quiet: DownlinkPath (ingest/downlink-path.ts). */
export interface TerminalCaller {
  callUp(connection: Connection | undefined): void;
  /** SUBACK for the terminal's own down topic went out. */
  onSubscribed(connection: Connection): void;
}
