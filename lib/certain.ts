/**
 * A value that other code has made certain, as the row of a statement that always yields one. Throws Error, a fault of
 * ours that names `what` is missing, where it is not there.
 */
export function certain<T>(value: T | null | undefined, what: string): T {
  if (value === undefined || value === null) throw new Error(`${what} is missing`);
  return value;
}

/** The element of a list at a place from 0, or from the end where it is negative. Throws RangeError beyond the list. */
export function elementAt<T>(list: readonly T[], at: number): T {
  const element = list.at(at);
  if (element === undefined) throw new RangeError(`a list of ${list.length} has no place ${at}`);
  return element;
}
