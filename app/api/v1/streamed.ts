/** A body that is written while it is made, at the pace of who reads it. */

type Write = (bytes: Uint8Array) => Promise<void>;

/**
 * Starts `make` and resolves with the body once its first bytes are there, so that what fails before them is still an
 * answer with a status. What fails later breaks the body off: the receiver sees that it is not whole.
 */
export async function streamedBody(
  make: (write: Write) => Promise<unknown>,
): Promise<ReadableStream<Uint8Array>> {
  const pipe = new TransformStream<Uint8Array, Uint8Array>();
  const writer = pipe.writable.getWriter();
  writer.closed.catch(() => undefined);
  return new Promise((resolve, reject) => {
    const write: Write = (bytes) => {
      resolve(pipe.readable);
      return writer.write(bytes);
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
