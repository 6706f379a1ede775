/** A body that is written while it is made, at the pace at which it is read. */

export interface StreamLimits {
  /** A receiver that takes nothing for so long is given up, so that it does not hold a transaction open for ever. */
  stallMs: number;
  /** So is one that takes a little now and then, after so long. */
  totalMs: number;
}

const LIMITS: StreamLimits = { stallMs: 60_000, totalMs: 10 * 60_000 };

type Write = (bytes: Uint8Array) => Promise<void>;

/**
 * Starts `make` and resolves with the body once its first bytes are there, or none came and `make` has ended, so that what fails before them is still an
 * answer with a status. What fails later breaks the body off: the receiver sees that it is not whole.
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

/** A write that waits for its reader cannot be called off: it is left behind. */
async function within(ms: number, fault: Error, written: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(fault), ms);
  });
  await Promise.race([written, over]).finally(() => clearTimeout(timer));
}
