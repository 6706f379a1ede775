// Baseline for the sidecar: the same broker and batching, with a bare insert of the raw frames: no authentication,
// decryption, decoding or index.
import { type AddressInfo, createServer } from 'node:net';
import { Aedes } from 'aedes';
import { openPool } from '../db/client.ts';
import { LANE_LIMITS } from '../ingest/store/lane.ts';

const OID_BYTEA = 17;
const LANES = 2;

interface Waiting {
  frame: Buffer<ArrayBuffer>;
  done: () => void;
}

/** bytea[] in PostgreSQL's binary format. */
function byteaArray(batch: readonly Waiting[]): Buffer {
  const head = Buffer.alloc(20);
  for (const [at, value] of [1, 0, OID_BYTEA, batch.length, 1].entries())
    head.writeInt32BE(value, at * 4);
  const parts = [head];
  for (const { frame } of batch) {
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(frame.length);
    parts.push(length, frame);
  }
  return Buffer.concat(parts);
}

async function main(): Promise<void> {
  const pool = openPool(process.argv[2] ?? '', {
    applicationName: 'kenshin bench',
    max: LANES,
  });
  const lanes = Array.from({ length: LANES }, () => ({ open: [] as Waiting[], inFlight: false }));
  const leave = async (lane: (typeof lanes)[number]) => {
    if (lane.inFlight || lane.open.length === 0) return;
    const batch = lane.open;
    lane.open = [];
    lane.inFlight = true;
    await pool.query({
      name: 'bare',
      text: 'insert into bare_frame (bytes) select unnest($1::bytea[])',
      values: [byteaArray(batch)],
    });
    lane.inFlight = false;
    for (const { done } of batch) done();
    void leave(lane);
  };
  let next = 0;
  const broker = new Aedes({
    authorizePublish: (client, packet, callback) => {
      const lane = lanes[next++ % LANES]!;
      lane.open.push({ frame: packet.payload as Buffer<ArrayBuffer>, done: () => callback(null) });
      if (lane.open.length === 1 && client)
        setTimeout(() => void leave(lane), LANE_LIMITS.maxWaitMs);
      else if (lane.open.length >= LANE_LIMITS.batchFrames) void leave(lane);
    },
  });
  await broker.listen();
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    broker.handle(socket);
  });
  server.listen(0, '127.0.0.1', () => {
    process.send?.({ msg: 'listening', mqttPort: (server.address() as AddressInfo).port });
  });
}

void main();
