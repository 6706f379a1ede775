/** A body that is written while it is made, at the pace of who reads it. */

/** A receiver that takes nothing for so long is given up, so that it does not hold a transaction open for ever. */
const STALL_MS = 60_000;

type Write = (bytes: Uint8Array) => Promise<void>;

/**
 * Starts `make` and resolves with the body once its first bytes are there, so that what fails before them is still an
 * answer with a status. What fails later breaks the body off: the receiver sees that it is not whole.
 */
export async function streamedBody(
  make: (write: Write) => Promise<unknown>,
  stallMs = STALL_MS,
): Promise<ReadableStream<Uint8Array>> {
  const pipe = new TransformStream<Uint8Array, Uint8Array>();
  const writer = pipe.writable.getWriter();
  writer.closed.catch(() => undefined);
  return new Promise((resolve, reject) => {
    const write: Write = async (bytes) => {
      resolve(pipe.readable);
      await within(stallMs, writer.write(bytes));
    };
    make(write)
      .then(
        () => writer.close(),
        (error: unknown) => {
          reject(error);
          return writer.abort(error);
        },
      )
      .catch(() => undefined);
  });
}

/** A write that waits for its reader cannot be called off: it is left behind. */
async function within(ms: number, written: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<never>((_, reject) => {
    const error = new Error(`the receiver took nothing for ${ms} ms`);
    timer = setTimeout(() => reject(error), ms);
  });
  await Promise.race([written, stalled]).finally(() => clearTimeout(timer));
}
