'use client';

import { useElementSize } from '@mantine/hooks';
import { grouped } from '../text/figure-text.ts';
import { type AxisScale, labelledKeys } from './axis-scale.ts';

/** Margin of the drawing for axis labels and names of limits. */
export const MARGIN = { top: 28, right: 12, bottom: 0, left: 0 } as const;
const Y_AXIS_WIDTH = 44;

const LABEL_PX = 46;
const LATIN_PX = 7;
const WIDE_PX = 12;
const BETWEEN_PX = 8;

/** Room for the widest label of an axis, estimated from its letters. */
export function labelRoom(labels: readonly string[]): number {
  const widths = labels.map((label) =>
    [...label].reduce((sum, letter) => sum + (letter > '\u2e7f' ? WIDE_PX : LATIN_PX), BETWEEN_PX),
  );
  return Math.max(LABEL_PX, ...widths);
}

/** Width of the chart's element and of a slot, and the slots that get an axis label at that width. */
export function useChartSize(slots: readonly { key: string; label: string }[]) {
  const { ref, width } = useElementSize<HTMLDivElement>();
  const plotPx = Math.max(0, width - Y_AXIS_WIDTH - MARGIN.right);
  const slotPx = plotPx / Math.max(1, slots.length);
  const labelPx = labelRoom(slots.map(({ label }) => label));
  return { ref, width, slotPx, ticks: labelledKeys(slots, plotPx, labelPx) };
}

/** Properties of a chart whose slots can be chosen by click or tap. */
export function picking<S extends { key: string }>(
  slots: readonly S[],
  onSelect: ((key: string) => void) | undefined,
) {
  if (!onSelect) return {};
  return {
    onClick: (_: unknown, event: Parameters<typeof slotAt>[0]) => {
      const slot = slotAt(event, slots);
      if (slot) onSelect(slot.key);
    },
  };
}

/**
 * Slot under a click or tap by its coordinates, because a tap arrives before the drawing library knows the position.
 */
export function slotAt<S>(
  event: { clientX: number; currentTarget: Element },
  slots: readonly S[],
): S | undefined {
  const { left, width } = event.currentTarget.getBoundingClientRect();
  const slotPx = (width - Y_AXIS_WIDTH - MARGIN.left - MARGIN.right) / Math.max(1, slots.length);
  return slots[Math.floor((event.clientX - left - Y_AXIS_WIDTH - MARGIN.left) / slotPx)];
}

const TICK_TEXT = { fontSize: 12, fill: 'var(--chart-text)' };

/** Properties of the time axis: only keys whose labels fit are labelled. */
export function timeAxis(slots: readonly { key: string; label: string }[], ticks: string[]) {
  const labels = new Map(slots.map((slot) => [slot.key, slot.label]));
  return {
    dataKey: 'key',
    scale: 'band',
    ticks,
    interval: 0,
    tickFormatter: (key: string) => labels.get(key) ?? '',
    tick: TICK_TEXT,
    stroke: 'var(--chart-gap)',
  } as const;
}

/** Properties of the value axis. */
export function valueAxis(scale: AxisScale) {
  return {
    width: Y_AXIS_WIDTH,
    domain: [scale.min, scale.max],
    // Without it the axis, and with it every gap, is missing where no slot has a value.
    allowDataOverflow: true,
    ticks: scale.ticks,
    tickFormatter: (value: number) => grouped(value.toFixed(scale.decimals)),
    tick: TICK_TEXT,
    axisLine: false,
    tickLine: false,
  };
}
