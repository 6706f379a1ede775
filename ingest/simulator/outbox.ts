// Uplink frames in flight: at most 32 without acknowledgement, and none more than 63 counters behind the newest
// [TERM-8.6]. Frames left open by a lost connection are kept for the next one [TERM-8.5].
import type { Link } from './broker-link.ts';
import type { SealedFrame } from './terminal.ts';

const MAX_UNACKNOWLEDGED = 32;
const MAX_BEHIND = 63;

interface OpenFrame {
  readonly frame: SealedFrame;
  readonly onAcknowledged: () => void;
}

export interface Outbox {
  /** Sends when there is room; resolves when it is sent. Rejects when the connection is lost. */
  send(frame: SealedFrame, onAcknowledged: () => void): Promise<void>;
  /** Resolves when everything is acknowledged. Rejects when the connection is lost. */
  allAcknowledged(): Promise<void>;
  /** Uses this link from now on; open frames are sent again first, with the same bytes. */
  attach(link: Link): void;
}

export function createOutbox(): Outbox {
  const open = new Set<OpenFrame>();
  let link: Link | undefined;
  let failure: Error | undefined;
  let wake: (() => void)[] = [];

  function changed(): void {
    const waiting = wake;
    wake = [];
    for (const resume of waiting) resume();
  }

  async function until(condition: () => boolean): Promise<void> {
    while (!failure && !condition()) await new Promise<void>((resume) => wake.push(resume));
    if (failure) throw failure;
  }

  function publish(entry: OpenFrame): void {
    const over = link;
    if (!over) throw new Error('an outbox sends only while a link is attached');
    over.publish(entry.frame.bytes).then(
      () => {
        open.delete(entry);
        entry.onAcknowledged();
        changed();
      },
      (error: Error) => {
        if (over === link) failure = error;
        changed();
      },
    );
  }

  function hasRoomFor(counter: number): boolean {
    if (open.size >= MAX_UNACKNOWLEDGED) return false;
    const [oldest] = open;
    return !oldest || counter - oldest.frame.counter <= MAX_BEHIND;
  }

  return {
    async send(frame, onAcknowledged) {
      await until(() => hasRoomFor(frame.counter));
      const entry = { frame, onAcknowledged };
      open.add(entry);
      publish(entry);
    },
    allAcknowledged: () => until(() => open.size === 0),
    attach(next) {
      link = next;
      failure = undefined;
      for (const entry of open) publish(entry);
    },
  };
}
