/** Why a closing row has its quality, as the sentences that are put together on the page. Pure. */
import type { ClosingExplanationWire } from '../../lib/closing/closing-wire.ts';

/** `report`: about the report of the closing day. `reading`: what stands in the row for it; null when it is read. */
export interface RowReason {
  report: 'actual' | ClosingExplanationWire['days'][number]['state'];
  reading: 'soFar' | 'nothingSoFar' | 'substitute' | 'entered' | 'reckoned' | 'nothing' | null;
}

export function rowReason({
  row: { quality, readAt },
  days,
}: Pick<ClosingExplanationWire, 'days'> & {
  row: Pick<ClosingExplanationWire['row'], 'quality' | 'readAt'>;
}): RowReason {
  const report = days.at(-1)?.state ?? 'unexpected';
  switch (quality) {
    case 'actual':
      return { report: 'actual', reading: null };
    case 'awaited':
      return { report: 'awaited', reading: readAt === null ? 'nothingSoFar' : 'soFar' };
    case 'substituted':
      return { report, reading: 'substitute' };
    case 'estimated':
    case 'certified':
      return { report, reading: 'reckoned' };
    case 'entered':
      return { report, reading: 'entered' };
    case 'none':
      return { report, reading: 'nothing' };
  }
}
