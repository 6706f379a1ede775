'use client';

import { useId } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { type AxisScale, axisScale } from './axis-scale.ts';
import type { BandChartModel, BandSlot } from './chart-model.ts';
import { MARGIN, timeAxis, useChartSize, valueAxis } from './chart-size.ts';
import { figureWithUnit, type TooltipLine, tooltipContent } from './chart-tooltip.tsx';
import classes from './charts.module.css';
import { ChartPatterns, eventLines, gapAreas } from './gap-marks.tsx';

interface BandChartProps {
  model: BandChartModel;
  height?: number;
}

/**
 * Band from least to greatest value with the average as a line, and lines for the limits; without band names a plain
 * line.
 */
export function BandChart({ model, height = 300 }: BandChartProps) {
  const id = useId();
  const { ref, width, ticks } = useChartSize(model.slots);
  const scale = axisScale({ values: valuesWithRoom(model), fromZero: false });
  return (
    <div ref={ref} className={classes.area} style={{ height }}>
      <span className={classes.unit}>{model.unit}</span>
      {width === 0 ? null : (
        <ComposedChart
          width={width}
          height={height}
          data={model.slots}
          margin={MARGIN}
          accessibilityLayer
        >
          <ChartPatterns id={id} />
          <CartesianGrid vertical={false} stroke="var(--chart-grid)" />
          {gapAreas(id, model.slots)}
          {eventLines(model.events)}
          <XAxis {...timeAxis(model.slots, ticks)} />
          <YAxis {...valueAxis(scale)} />
          <Tooltip
            filterNull={false}
            isAnimationActive={false}
            content={tooltipContent<BandSlot>((slot) => linesOf(slot, model))}
          />
          {model.bandNames === undefined ? null : (
            <Area
              dataKey={edgesOf}
              stroke="none"
              fill="var(--chart-band)"
              fillOpacity={0.25}
              connectNulls={false}
              isAnimationActive={false}
              activeDot={false}
            />
          )}
          <Line
            dataKey="average"
            stroke="var(--chart-band)"
            strokeWidth={2}
            dot={loneDots(model.slots)}
            connectNulls={false}
            isAnimationActive={false}
          />
          {limitLines(model, scale)}
        </ComposedChart>
      )}
    </div>
  );
}

/**
 * Lines of the limits, labelled on the inner side. Called as a function, so that the chart finds the elements among its
 * children.
 */
function limitLines({ limits, decimals, unit }: BandChartModel, scale: AxisScale) {
  const middle = (scale.min + scale.max) / 2;
  return limits.map((limit) => (
    <ReferenceLine
      key={limit.name}
      y={limit.value}
      stroke="var(--chart-limit)"
      strokeDasharray="6 4"
      label={{
        value: `${limit.name} ${figureWithUnit(limit.value, decimals, unit)}`,
        position: limit.value > middle ? 'insideTopRight' : 'insideBottomRight',
        fill: 'var(--chart-limit)',
        fontSize: 12,
      }}
    />
  ));
}

/** All values with a margin on both sides, because a limit on the chart's edge would not be visible. */
function valuesWithRoom(model: BandChartModel): number[] {
  const values = model.slots
    .flatMap((slot) => [slot.low, slot.average, slot.high])
    .concat(model.limits.map((limit) => limit.value))
    .filter((value) => value !== null);
  const least = Math.min(...values);
  const greatest = Math.max(...values);
  const room = (greatest - least) * 0.05;
  return values.length === 0 ? [] : [least - room, greatest + room];
}

function edgesOf(slot: BandSlot): [number, number] | null {
  return slot.low === null || slot.high === null ? null : [slot.low, slot.high];
}

/** Dots for values between two gaps, which have no line on either side. */
function loneDots(slots: readonly BandSlot[]) {
  const lone = new Set(
    slots
      .filter(
        (slot, at) =>
          slot.average !== null &&
          (slots[at - 1]?.average ?? null) === null &&
          (slots[at + 1]?.average ?? null) === null,
      )
      .map((slot) => slot.key),
  );
  return (dot: { cx?: number; cy?: number; payload?: BandSlot; index?: number }) =>
    dot.payload && lone.has(dot.payload.key) ? (
      <circle key={dot.payload.key} cx={dot.cx} cy={dot.cy} r={3} fill="var(--chart-band)" />
    ) : (
      <g key={dot.index} />
    );
}

function linesOf(slot: BandSlot, model: BandChartModel): TooltipLine[] {
  const named: [string, number | null][] = model.bandNames
    ? [
        [model.bandNames.high, slot.high],
        [model.averageName, slot.average],
        [model.bandNames.low, slot.low],
      ]
    : [[model.averageName, slot.average]];
  return named.flatMap(([name, value]) =>
    value === null
      ? []
      : [
          {
            name,
            value: figureWithUnit(value, model.decimals, model.unit),
            color: 'var(--chart-band)',
          },
        ],
  );
}
