'use client';

import { ReferenceArea } from 'recharts';
import type { Slot } from './chart-model.ts';
import { gapRuns } from './chart-model.ts';

/** Hatch patterns for gaps and for values that are not plain measured ones; `id` keeps two charts on a page apart. */
export function ChartPatterns({ id }: { id: string }) {
  return (
    <defs>
      <pattern id={`${id}-gap`} width="6" height="6" patternUnits="userSpaceOnUse">
        <path d="M0 6 L6 0" stroke="var(--chart-gap)" strokeWidth="1" opacity="0.55" />
      </pattern>
      <pattern id={`${id}-hatched`} width="6" height="6" patternUnits="userSpaceOnUse">
        <rect width="6" height="6" fill="var(--chart-usage)" opacity="0.35" />
        <path d="M0 6 L6 0" stroke="var(--chart-usage)" strokeWidth="2" />
      </pattern>
    </defs>
  );
}

/**
 * Hatched areas over the full height for slots without a value. Called as a function, so that the chart finds the
 * elements among its children.
 */
export function gapAreas(id: string, slots: readonly Slot[]) {
  return gapRuns(slots).map((run) => (
    <ReferenceArea
      key={run.fromKey}
      x1={run.fromKey}
      x2={run.toKey}
      fill={`url(#${id}-gap)`}
      fillOpacity={1}
      stroke="none"
      ifOverflow="hidden"
    />
  ));
}
