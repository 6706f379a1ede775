/**
 * A value that other code guarantees, such as the row of a statement that always returns one. Throws Error, an internal
 * error that names `what`, when it is missing.
 */
export function certain<T>(value: T | null | undefined, what: string): T {
  if (value === undefined || value === null) throw new Error(`${what} is missing`);
  return value;
}

/** Element of a list at index `at` from 0, negative from the end. Throws RangeError beyond the list. */
export function elementAt<T>(list: readonly T[], at: number): T {
  const element = list.at(at);
  if (element === undefined) throw new RangeError(`a list of ${list.length} has no place ${at}`);
  return element;
}
