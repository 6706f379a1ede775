/**
 * A log whose lines of one kind are bounded: what anybody outside can cause fills no disk. The first lines of a minute are
 * written as they are; of the rest one line says at the minute's end how many there were.
 */
type Fields = Record<string, unknown>;
type Level = 'info' | 'warn' | 'error';

/** What is sampled into; pino fits. */
export type LineLog = Record<Level, (fields: Fields, message: string) => void>;

export interface SampledLog {
  /** Writes a line of a kind; `kind` is a word of ours, never text of a client. */
  write(line: { level: Level; kind: string; fields: Fields; message: string }): void;
}

const MINUTE_MS = 60_000;
const LINES_A_MINUTE = 60;

/** @param linesAMinute how many lines of each kind are written in a minute. */
export function sampleLog(log: LineLog, linesAMinute = LINES_A_MINUTE): SampledLog {
  const counts = new Map<string, number>();
  const endMinute = (kind: string, level: Level): void => {
    const suppressed = (counts.get(kind) ?? 0) - linesAMinute;
    counts.delete(kind);
    if (suppressed > 0) log[level]({ kind, suppressed }, 'further lines of a kind were left out');
  };
  return {
    write: ({ level, kind, fields, message }) => {
      const count = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, count);
      if (count === 1) setTimeout(() => endMinute(kind, level), MINUTE_MS).unref();
      if (count <= linesAMinute) log[level](fields, message);
    },
  };
}
