/** A log for events of which strangers can cause any number: so many lines a minute of each kind, then their number. */

export type WriteLine = (fields: Record<string, unknown>, message: string) => void;

export interface SampledLog {
  /** Writes the event, or counts it where its kind had its lines of this minute. */
  note(kind: string, fields: Record<string, unknown>): void;
}

const MINUTE_MS = 60_000;

/** `kind` has to be of a closed list: each has a count of its own. */
export function createSampledLog(
  write: WriteLine,
  message: string,
  linesPerMinute: number,
): SampledLog {
  const counts = new Map<string, number>();
  const sumUp = (kind: string): void => {
    const unwritten = (counts.get(kind) ?? 0) - linesPerMinute;
    counts.delete(kind);
    if (unwritten > 0) write({ reason: kind, unwritten }, `${message}: more of them in a minute`);
  };
  return {
    note: (kind, fields) => {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      if (count === 1) setTimeout(() => sumUp(kind), MINUTE_MS).unref();
      if (count <= linesPerMinute) write({ reason: kind, ...fields }, message);
    },
  };
}
