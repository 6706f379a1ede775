import { beforeEach, describe, expect, it } from 'vitest';
import type { UplinkFrame } from '../session/terminal-session.ts';
import type { Batch } from './batch.ts';
import { BatchQueue } from './batch-queue.ts';

const LIMITS = {
  ...{ batchMaxFrames: 100, utilityMaxFrames: 80, slowMaxFrames: 4, slowAloneFrames: 20 },
  ...{ waitingMaxFrames: 1000, utilityMaxWaiting: 750 },
};
const [SLOW, OTHER, THIRD] = [1, 2, 3];

/** Utilities of frames that were not accepted. */
let abandoned: number[] = [];
beforeEach(() => {
  abandoned = [];
});

/** A frame of a new terminal. */
function frameOf(utilityId: number, receivedAtMs: number): UplinkFrame {
  const frame = {
    ...{ session: { utilityId }, connection: { closed: false }, receivedAtMs, counter: 1 },
    abandon: () => void abandoned.push(utilityId),
  };
  return frame as unknown as UplinkFrame;
}

/** A queue in which the utility `SLOW` has just reported known days. */
function queueWithSlow(): BatchQueue {
  const take = (frame: UplinkFrame, batch: Batch) => {
    batch.addUpdate(frame, undefined);
    return 'batched' as const;
  };
  const queue = new BatchQueue({ take }, LIMITS);
  queue.begin({ dayReportRow: 1, terminalUpdate: 2 });
  queue.accept(frameOf(SLOW, 0));
  const first = queue.next()!;
  queue.done(first, [{ utilityId: SLOW, reports: 20, stored: 0 }]);
  return queue;
}

/** Contents of the next batch by utility; the batch is returned at once. */
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

describe('frames that wait', () => {
  it('of one utility are no more than it may have, of new and of known days together', () => {
    const queue = queueWithSlow();
    // Its first frames are new days: 80 are added to the open batch, the others wait for the next.
    send(queue, OTHER, { count: 80 + 500, atMs: 1000 });
    const batch = queue.next()!;
    queue.done(batch, [{ utilityId: OTHER, reports: 80, stored: 0 }]);
    send(queue, OTHER, { count: 1000, atMs: 1001 });
    expect(queue.size - queue.openSize).toBe(LIMITS.waitingMaxFrames * 0.75);
    expect(abandoned.length).toBeGreaterThan(0);
  });

  it('of two utilities that send without end leave room for a third', () => {
    const queue = queueWithSlow();
    for (let turn = 0; turn < 1500; turn += 1) {
      send(queue, SLOW, { atMs: 1000 });
      send(queue, OTHER, { atMs: 1000 });
    }
    expect(new Set(abandoned)).toEqual(new Set([SLOW, OTHER]));
    send(queue, THIRD, { count: 100, atMs: 1001 });
    expect(abandoned).not.toContain(THIRD);
  });
});
