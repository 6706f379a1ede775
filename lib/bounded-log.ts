/**
 * A log with bounds per interval: so many lines of one kind (level, message and reason), and fewer of one source.
 * Further lines are counted and the counts written in one line at the end of the interval. Exact counts are in each
 * process's metrics.
 */
type Fields = Record<string, unknown>;

type Level = 'debug' | 'info' | 'warn' | 'error';

/** A log with fields first and the message second; pino fits. */
export type LineLog = Record<Level, (fields: Fields, message: string) => void>;

export interface BoundedLog extends LineLog {
  /** Writes the counts of suppressed lines and resets them. */
  flush(): void;
}

export interface LogBounds {
  /** Lines of one kind in an interval. */
  linesOfKind: number;
  /** Of these, lines of one source; undefined for no bound. */
  linesOfSource?: number;
  intervalMs: number;
}

/** Extracts the reason and the source (a terminal, an actor) of a line. */
export interface LineParts {
  reasonOf: (fields: Fields) => unknown;
  sourceOf?: (fields: Fields) => unknown;
}

const LOG_BOUNDS: LogBounds = { linesOfKind: 60, intervalMs: 60_000 };

/** Kinds in an interval that are counted separately; there are some dozens. */
const MAX_KINDS = 200;
const OTHERS = 'lines of other kinds';
/** Sources of one kind that are counted separately, and how many of them the line of counts names. */
const MAX_SOURCES = 1000;
const SOURCES_NAMED = 10;

interface Line {
  level: Level;
  fields: Fields;
  message: string;
}

interface Kind {
  level: Level;
  /** Message of the lines, or OTHERS. */
  message: string;
  reason: unknown;
  written: number;
  suppressed: number;
  sources: Map<string, { written: number; suppressed: number }>;
  timer: NodeJS.Timeout;
}

/** The same log with bounds. */
export function boundedLog(
  log: LineLog,
  bounds: LogBounds = LOG_BOUNDS,
  parts: LineParts = { reasonOf: ({ reason }) => reason },
): BoundedLog {
  const kinds = new Map<string, Kind>();
  const end = (name: string): void => {
    const kind = kinds.get(name);
    kinds.delete(name);
    if (!kind) return;
    clearTimeout(kind.timer);
    if (kind.suppressed > 0) writeCounts(log, kind);
  };
  const kindOf = ({ level, fields, message }: Line): Kind => {
    const reason = parts.reasonOf(fields);
    const own = `${level} ${message} ${String(reason ?? '')}`;
    const isOwn = kinds.has(own) || kinds.size < MAX_KINDS;
    const name = isOwn ? own : `${level} ${OTHERS}`;
    const known = kinds.get(name);
    if (known) return known;
    const timer = setTimeout(() => end(name), bounds.intervalMs);
    timer.unref();
    const kind = {
      ...{ level, message: isOwn ? message : OTHERS, reason: isOwn ? reason : undefined },
      ...{ written: 0, suppressed: 0, sources: new Map(), timer },
    };
    kinds.set(name, kind);
    return kind;
  };
  const write = (line: Line): void => {
    const source = parts.sourceOf?.(line.fields);
    if (mayBeWritten(kindOf(line), source, bounds)) log[line.level](line.fields, line.message);
  };
  const at = (level: Level) => (fields: Fields, message: string) =>
    write({ level, fields, message });
  return {
    ...{ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') },
    flush: () => {
      for (const name of [...kinds.keys()]) end(name);
    },
  };
}

function mayBeWritten(kind: Kind, source: unknown, bounds: LogBounds): boolean {
  const { linesOfKind, linesOfSource = linesOfKind } = bounds;
  const ofSource = source === undefined ? undefined : countsOf(kind, String(source));
  const may = kind.written < linesOfKind && (ofSource?.written ?? 0) < linesOfSource;
  const count = may ? 'written' : 'suppressed';
  kind[count] += 1;
  if (ofSource) ofSource[count] += 1;
  return may;
}

function countsOf({ sources }: Kind, source: string): { written: number; suppressed: number } {
  const counts = sources.get(source) ?? { written: 0, suppressed: 0 };
  if (sources.size < MAX_SOURCES) sources.set(source, counts);
  return counts;
}

function writeCounts(log: LineLog, kind: Kind): void {
  const { level, message, reason, written, suppressed, sources } = kind;
  const bySource = [...sources]
    .map(([source, counts]) => [source, counts.suppressed] as const)
    .filter(([, count]) => count > 1)
    .sort(([, one], [, other]) => other - one)
    .slice(0, SOURCES_NAMED);
  log[level](
    {
      line: message,
      ...(reason === undefined ? {} : { reason }),
      suppressed,
      ...(bySource.length > 0 && { bySource: Object.fromEntries(bySource) }),
    },
    `suppressed ${suppressed} of ${suppressed + written} lines`,
  );
}
