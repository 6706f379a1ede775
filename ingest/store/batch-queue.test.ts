import { describe, expect, it } from 'vitest';
import type { UplinkFrame } from '../mqtt/terminal.ts';
import type { Batch } from './batch.ts';
import { BatchQueue } from './batch-queue.ts';

const LIMITS = {
  ...{ batchMaxFrames: 100, utilityMaxFrames: 80, slowMaxFrames: 4, slowAloneFrames: 20 },
  ...{ parkedMaxFrames: 1000, utilityMaxParked: 900 },
};
const [SLOW, OTHER] = [1, 2];

/** A frame of a terminal of its own. */
function frameOf(utilityId: number, receivedAtMs: number): UplinkFrame {
  const frame = {
    ...{ session: { utilityId }, connection: { closed: false }, receivedAtMs, counter: 1 },
  };
  return frame as unknown as UplinkFrame;
}

/** A queue in which the utility `SLOW` has just reported known days. */
function queueWithSlow(): BatchQueue {
  const take = (frame: UplinkFrame, batch: Batch) => {
    batch.addMark(frame, undefined);
    return 'joined' as const;
  };
  const queue = new BatchQueue(take, LIMITS);
  queue.begin({ dayReportRow: 1, terminalMark: 2 });
  queue.accept(frameOf(SLOW, 0));
  const first = queue.next()!;
  queue.done(first, [{ utilityId: SLOW, reports: 20, stored: 0 }]);
  return queue;
}

/** What the next batch holds, by utility; it comes back as soon as it has left. */
function nextOf(queue: BatchQueue): Record<number, number> | undefined {
  const batch = queue.next();
  if (batch === undefined) return undefined;
  const held = Object.fromEntries(
    [SLOW, OTHER].map((utilityId) => [utilityId, batch.sizeOf(utilityId)]),
  );
  queue.done(batch, []);
  return held;
}

function send(queue: BatchQueue, utilityId: number, { count = 1, atMs }: Sent): void {
  for (let sent = 0; sent < count; sent += 1) queue.accept(frameOf(utilityId, atMs));
}

interface Sent {
  count?: number;
  atMs: number;
}

describe('batches of known days', () => {
  it('are small while another utility sends now and then, and take turns with its frames', () => {
    const queue = queueWithSlow();
    send(queue, OTHER, { atMs: 1000 });
    send(queue, SLOW, { count: 50, atMs: 1900 });
    expect([nextOf(queue), nextOf(queue), nextOf(queue), nextOf(queue)]).toEqual([
      { [SLOW]: 4, [OTHER]: 0 },
      { [SLOW]: 0, [OTHER]: 1 },
      { [SLOW]: 4, [OTHER]: 0 },
      { [SLOW]: 4, [OTHER]: 0 },
    ]);
  });

  it('are larger once no other utility has sent anything for a second', () => {
    const queue = queueWithSlow();
    send(queue, OTHER, { atMs: 1000 });
    send(queue, SLOW, { count: 50, atMs: 2001 });
    expect(nextOf(queue)).toEqual({ [SLOW]: 20, [OTHER]: 0 });
    send(queue, OTHER, { atMs: 2002 });
    expect([nextOf(queue), nextOf(queue)]).toEqual([
      { [SLOW]: 0, [OTHER]: 2 },
      { [SLOW]: 4, [OTHER]: 0 },
    ]);
  });
});
