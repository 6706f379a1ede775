import { createHash } from 'node:crypto';

const MAX_REMEMBERED = 256;

/**
 * Refused frames of one terminal by their bytes. A frame that is sent again, because its connection ended before its
 * PUBACK, is not stored a second time.
 */
export class RefusedFrames<Frame extends { bytes: Uint8Array }> {
  /** The frame while it is being stored, oldest first. */
  readonly #frames = new Map<string, Frame | 'kept'>();

  get(bytes: Uint8Array): Frame | 'kept' | undefined {
    return this.#frames.size === 0 ? undefined : this.#frames.get(nameOf(bytes));
  }

  begin(frame: Frame): void {
    this.#frames.set(nameOf(frame.bytes), frame);
    if (this.#frames.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#frames.keys();
    if (oldest !== undefined) this.#frames.delete(oldest);
  }

  kept(frame: Frame): void {
    const name = nameOf(frame.bytes);
    if (this.#frames.get(name) === frame) this.#frames.set(name, 'kept');
  }

  forget(frame: Frame): void {
    this.#frames.delete(nameOf(frame.bytes));
  }
}

function nameOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}
