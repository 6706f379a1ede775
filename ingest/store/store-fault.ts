/** SQLSTATE classes that speak of the rows, not of the server: data exceptions and violated constraints. */
const DATA_CLASSES: ReadonlySet<string> = new Set(['22', '23']);

/** Whether the database refused what it was given, as against being unable to take anything. */
export function isFaultOfData(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code.length === 5 && DATA_CLASSES.has(code.slice(0, 2));
}
