import type { ClosingCounts } from '../lib/closing/closing-counts.ts';

/** Note on rows whose report is not due yet; undefined without one. */
export function awaitedNote({
  total,
  quality: { awaited },
  awaitedUntil,
}: Pick<ClosingCounts, 'total' | 'quality' | 'awaitedUntil'>): string | undefined {
  if (awaitedUntil === null) return undefined;
  const until = awaitedUntil.slice(0, 16).replace('T', ' ');
  return `${awaited} of ${total} not due yet, the last until ${until} JST`;
}
