/**
 * Waiting entries by address: each address has its own queue, and the addresses take turns. An entry may wait under
 * several.
 */
export class AddressTurns<T> {
  /** In the order of the addresses' turns. */
  readonly #queues = new Map<string, T[]>();
  #size = 0;

  /** Number of entries, counted under each of their addresses. */
  get size(): number {
    return this.#size;
  }

  lengthOf(address: string): number {
    return this.#queues.get(address)?.length ?? 0;
  }

  push(address: string, entry: T): void {
    const queue = this.#queues.get(address);
    if (queue === undefined) this.#queues.set(address, [entry]);
    else queue.push(entry);
    this.#size += 1;
  }

  /** Removes the oldest entry of the address whose turn it is. */
  shift(): T | undefined {
    const next = this.#queues.entries().next();
    if (next.done) return undefined;
    const [address, queue] = next.value;
    this.#queues.delete(address);
    const entry = queue.shift();
    if (queue.length > 0) this.#queues.set(address, queue);
    this.#size -= 1;
    return entry;
  }

  /** The address with the most entries; undefined without entries. */
  largest(): string | undefined {
    let largest: string | undefined;
    for (const [address, queue] of this.#queues)
      if (largest === undefined || queue.length > this.lengthOf(largest)) largest = address;
    return largest;
  }

  /** Removes the newest entry of an address. */
  pop(address: string): T | undefined {
    const queue = this.#queues.get(address);
    const entry = queue?.pop();
    if (queue === undefined || entry === undefined) return undefined;
    this.#size -= 1;
    if (queue.length === 0) this.#queues.delete(address);
    return entry;
  }
}
