'use client';

import { ReferenceArea, ReferenceLine } from 'recharts';
import type { BarSlot, ChartEvent, Slot } from './chart-model.ts';
import { gapRuns } from './chart-model.ts';

/** Hatch patterns for gaps and for values that are not plain measured ones; `id` keeps two charts on a page apart. */
export function ChartPatterns({ id }: { id: string }) {
  return (
    <defs>
      <pattern id={`${id}-gap`} width="8" height="8" patternUnits="userSpaceOnUse">
        <path d="M0 8 L8 0" stroke="var(--chart-gap)" strokeWidth="1.25" />
      </pattern>
      <pattern id={`${id}-awaited`} width="6" height="6" patternUnits="userSpaceOnUse">
        <circle cx="3" cy="3" r="0.8" fill="var(--chart-gap)" />
      </pattern>
      <pattern id={`${id}-hatched`} width="6" height="6" patternUnits="userSpaceOnUse">
        <rect width="6" height="6" fill="var(--chart-usage)" opacity="0.35" />
        <path d="M0 6 L6 0" stroke="var(--chart-usage)" strokeWidth="2" />
      </pattern>
    </defs>
  );
}

/**
 * Areas over the full height for slots without a value: hatched, or dotted where it may still come. Called as a function, so that the chart finds the
 * elements among its children.
 */
export function gapAreas(id: string, slots: readonly Slot[]) {
  return gapRuns(slots).map((run) => (
    <ReferenceArea
      key={run.fromKey}
      x1={run.fromKey}
      x2={run.toKey}
      fill={`url(#${id}-${run.awaited ? 'awaited' : 'gap'})`}
      fillOpacity={1}
      stroke="none"
      ifOverflow="hidden"
    />
  ));
}

/** Hatched corners at the top of slots whose value is known but not its course. Called as a function, like `gapAreas`. */
export function lackingCorners(id: string, slots: readonly BarSlot[]) {
  return slots
    .filter(({ lacking }) => lacking)
    .map(({ key }) => (
      <ReferenceArea
        key={`lacking ${key}`}
        x1={key}
        x2={key}
        ifOverflow="hidden"
        shape={(area: CornerArea) => <Corner {...area} id={id} />}
      />
    ));
}

interface CornerArea {
  x?: number;
  y?: number;
  width?: number;
}

const CORNER_PX = 12;

function Corner({ x = 0, y = 0, width = 0, id }: CornerArea & { id: string }) {
  const right = x + width;
  const size = Math.max(CORNER_PX, width);
  const corner = `M${right - size} ${y} H${right} V${y + size} Z`;
  return <path d={corner} fill={`url(#${id}-gap)`} stroke="var(--chart-gap)" strokeWidth="1" />;
}

/** Labelled vertical lines of events. Called as a function, like `gapAreas`. */
export function eventLines(events: readonly ChartEvent[] = []) {
  return events.map(({ key, name }) => (
    <ReferenceLine
      key={`event ${key}`}
      x={key}
      stroke="var(--chart-text)"
      strokeDasharray="2 3"
      ifOverflow="hidden"
      label={{ value: name, position: 'top', fill: 'var(--chart-text)', fontSize: 12 }}
    />
  ));
}
