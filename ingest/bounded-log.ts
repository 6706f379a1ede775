// A log that nobody can fill from outside. Lines of one kind (the same message and the same reason) are written up to a number
// in each interval, those that name one terminal up to a smaller number; the rest is counted, and the count is one line at the
// end of the interval. Exact counts of everything are in the metrics.
import type { Log } from './log.ts';

export interface LogBounds {
  /** Lines of one kind in an interval. */
  linesOfKind: number;
  /** Of these, lines that name the same terminal. */
  linesOfTerminal: number;
  intervalMs: number;
}

const LOG_BOUNDS: LogBounds = { linesOfKind: 20, linesOfTerminal: 5, intervalMs: 60_000 };

/** Kinds in one interval; there are some dozens, and what is beyond this number is counted together. */
const MAX_KINDS = 200;

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof LEVELS)[number];

interface Line {
  level: Level;
  bindings: Record<string, unknown>;
  message: string;
}

interface Kind {
  first: Line;
  written: number;
  suppressed: number;
  byTerminal: Map<unknown, number>;
  timer: NodeJS.Timeout;
}

export interface BoundedLog extends Log {
  /** Writes the counts of what was suppressed so far, and forgets them. */
  flush(): void;
}

/** The same log with bounds; every line has bindings first and its message second. */
export function boundedLog(log: Log, bounds: LogBounds = LOG_BOUNDS): BoundedLog {
  const kinds = new Map<string, Kind>();
  const end = (name: string, kind: Kind) => {
    clearTimeout(kind.timer);
    kinds.delete(name);
    if (kind.suppressed > 0) writeCount(log, kind);
  };
  const kindOf = (line: Line): Kind => {
    const named = `${line.level} ${line.message} ${line.bindings.reason ?? ''}`;
    const name = kinds.has(named) || kinds.size < MAX_KINDS ? named : 'others';
    let kind = kinds.get(name);
    if (kind === undefined) {
      const timer = setTimeout(() => end(name, kind!), bounds.intervalMs);
      timer.unref();
      kind = { first: line, written: 0, suppressed: 0, byTerminal: new Map(), timer };
      kinds.set(name, kind);
    }
    return kind;
  };
  const write = (line: Line) => {
    if (mayBeWritten(kindOf(line), line.bindings.terminal, bounds))
      log[line.level](line.bindings, line.message);
  };
  const at = (level: Level) => (bindings: Record<string, unknown>, message: string) =>
    write({ level, bindings, message });
  const levels = Object.fromEntries(LEVELS.map((level) => [level, at(level)]));
  const flush = () => {
    for (const [name, kind] of [...kinds]) end(name, kind);
  };
  return { ...(levels as unknown as Log), flush };
}

function mayBeWritten(kind: Kind, terminal: unknown, bounds: LogBounds): boolean {
  const ofTerminal = terminal === undefined ? 0 : (kind.byTerminal.get(terminal) ?? 0);
  if (kind.written >= bounds.linesOfKind || ofTerminal >= bounds.linesOfTerminal) {
    kind.suppressed += 1;
    return false;
  }
  kind.written += 1;
  if (terminal !== undefined) kind.byTerminal.set(terminal, ofTerminal + 1);
  return true;
}

function writeCount(log: Log, { first, written, suppressed }: Kind): void {
  const { reason } = first.bindings;
  log[first.level](
    { line: first.message, ...(reason === undefined ? {} : { reason }), suppressed },
    `suppressed ${suppressed} of ${suppressed + written} lines`,
  );
}
