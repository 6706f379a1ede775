/** Streamed response bodies: written while they are made, at the pace of the reader. */

export interface StreamLimits {
  /** Time without any read after which the transfer is aborted, so that it does not hold a transaction open. */
  stallMs: number;
  /** Time after which even a slow but steady transfer is aborted. */
  totalMs: number;
}

const LIMITS: StreamLimits = { stallMs: 60_000, totalMs: 10 * 60_000 };

type Write = (bytes: Uint8Array) => Promise<void>;

/**
 * Starts `make` and resolves with the body once its first bytes are there or `make` has ended: an earlier error still
 * becomes an answer with a status. A later error aborts the body, so that the receiver sees that it is incomplete.
 */
export async function streamedBody(
  make: (write: Write) => Promise<unknown>,
  { stallMs, totalMs }: StreamLimits = LIMITS,
): Promise<ReadableStream<Uint8Array>> {
  const pipe = new TransformStream<Uint8Array, Uint8Array>();
  const writer = pipe.writable.getWriter();
  writer.closed.catch(() => undefined);
  const endsAt = performance.now() + totalMs;
  return new Promise((resolve, reject) => {
    const write: Write = async (bytes) => {
      resolve(pipe.readable);
      const leftMs = endsAt - performance.now();
      const late = new Error(`the receiver had not taken all after ${totalMs} ms`);
      if (leftMs <= 0) throw late;
      const stalled = new Error(`the receiver took nothing for ${stallMs} ms`);
      const [ms, fault] = leftMs < stallMs ? [leftMs, late] : [stallMs, stalled];
      await within(ms, fault, writer.write(bytes));
    };
    make(write)
      .then(
        () => {
          resolve(pipe.readable);
          return writer.close();
        },
        (error: unknown) => {
          reject(error);
          return writer.abort(error);
        },
      )
      .catch(() => undefined);
  });
}

/** Waits for a write or rejects with `fault` after `ms`. The write itself cannot be cancelled. */
async function within(ms: number, fault: Error, written: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(fault), ms);
  });
  await Promise.race([written, over]).finally(() => clearTimeout(timer));
}
