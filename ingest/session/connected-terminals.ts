import type { Connection } from './terminal-session.ts';

/** Connections of this process by terminal; of two connections of a terminal the later one. */
export class ConnectedTerminals {
  readonly #byUtility = new Map<number, Map<number, Connection>>();
  readonly #byTerminal = new Map<number, Connection>();

  add(connection: Connection): void {
    const { utilityId, terminalId } = connection;
    this.#byTerminal.set(terminalId, connection);
    const terminals = this.#byUtility.get(utilityId) ?? new Map<number, Connection>();
    terminals.set(terminalId, connection);
    this.#byUtility.set(utilityId, terminals);
  }

  remove(connection: Connection): void {
    const { utilityId, terminalId } = connection;
    if (this.#byTerminal.get(terminalId) !== connection) return;
    this.#byTerminal.delete(terminalId);
    const terminals = this.#byUtility.get(utilityId);
    terminals?.delete(terminalId);
    if (terminals?.size === 0) this.#byUtility.delete(utilityId);
  }

  of(terminalId: number): Connection | undefined {
    return this.#byTerminal.get(terminalId);
  }

  ofUtility(utilityId: number): ReadonlyMap<number, Connection> {
    return this.#byUtility.get(utilityId) ?? new Map();
  }

  /** Utilities with terminals connected here. */
  utilities(): number[] {
    return [...this.#byUtility.keys()];
  }

  [Symbol.iterator](): Iterator<Connection> {
    return this.#byTerminal.values();
  }
}
