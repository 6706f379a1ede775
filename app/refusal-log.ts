/** Refusals as lines of the log, bounded by their code and by the one who is refused. */
import type { ProblemLog } from './respond.ts';
import { type LineLog, sampleLog } from './sampled-log.ts';

/** Lines of one code of one actor in a minute; strangers together are one. */
const LINES_A_MINUTE = 60;

export function refusalLog(log: LineLog): ProblemLog {
  const sampled = sampleLog(log, LINES_A_MINUTE);
  const kindOf = ({ code, actor }: Record<string, unknown>): string =>
    `${String(code ?? 'fault')} ${String(actor ?? 'stranger')}`;
  return {
    error: (fields, message) =>
      sampled.write({ level: 'error', kind: kindOf(fields), fields, message }),
    info: (fields, message) =>
      sampled.write({ level: 'info', kind: kindOf(fields), fields, message }),
  };
}
