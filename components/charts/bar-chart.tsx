'use client';

import { useId } from 'react';
import {
  Bar,
  CartesianGrid,
  Cell,
  ComposedChart,
  ReferenceArea,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { axisScale } from './axis-scale.ts';
import type { BarChartModel, BarSlot } from './chart-model.ts';
import { MARGIN, picking, timeAxis, useChartSize, valueAxis } from './chart-size.ts';
import { figureWithUnit, type TooltipLine, tooltipContent } from './chart-tooltip.tsx';
import classes from './charts.module.css';
import { ChartPatterns, eventLines, gapAreas, lackingCorners } from './gap-marks.tsx';

interface BarChartProps {
  model: BarChartModel;
  height?: number;
  /** Key of the chosen slot, which is drawn with a band behind it. */
  selectedKey?: string | undefined;
  onSelect?: ((key: string) => void) | undefined;
}

/** Share of a slot's width for a bar in front of a ghost, so that the ghost is visible on both sides. */
const BESIDE_GHOST = 0.45;

/** Amounts as bars; the period compared with as wider, paler bars (ghosts) behind them. */
export function BarChart({ model, height = 260, selectedKey, onSelect }: BarChartProps) {
  const id = useId();
  const { ref, width, ticks, slotPx } = useChartSize(model.slots);
  const scale = axisScale({
    values: model.slots.flatMap((slot) => [slot.value, slot.ghost]),
    fromZero: true,
  });
  return (
    <div
      ref={ref}
      className={onSelect ? `${classes.area} ${classes.pickable}` : classes.area}
      style={{ height }}
    >
      <span className={classes.unit}>{model.unit}</span>
      {width === 0 ? null : (
        <ComposedChart
          width={width}
          height={height}
          data={model.slots}
          margin={MARGIN}
          accessibilityLayer
          {...picking(model.slots, onSelect)}
        >
          <ChartPatterns id={id} />
          <CartesianGrid vertical={false} stroke="var(--chart-grid)" />
          {chosenArea(selectedKey)}
          {gapAreas(id, model.slots)}
          {lackingCorners(id, model.slots)}
          {eventLines(model.events)}
          <XAxis {...timeAxis(model.slots, ticks)} />
          <XAxis dataKey="key" scale="band" xAxisId="behind" hide />
          <YAxis {...valueAxis(scale)} />
          <Tooltip
            filterNull={false}
            isAnimationActive={false}
            cursor={{ fill: 'var(--chart-grid)', opacity: 0.5 }}
            content={tooltipContent<BarSlot>((slot) => linesOf(slot, model))}
          />
          {model.ghostName === undefined ? null : (
            <Bar
              dataKey="ghost"
              xAxisId="behind"
              fill="var(--chart-ghost)"
              isAnimationActive={false}
            />
          )}
          {valueBars(id, model, slotPx)}
        </ComposedChart>
      )}
    </div>
  );
}

// Both are called as functions, so that the chart finds the elements among its children.

function chosenArea(key: string | undefined) {
  return key === undefined ? null : (
    <ReferenceArea
      x1={key}
      x2={key}
      fill="var(--chart-chosen)"
      fillOpacity={1}
      stroke="none"
      ifOverflow="hidden"
    />
  );
}

function valueBars(id: string, model: BarChartModel, slotPx: number) {
  return (
    <Bar
      dataKey="value"
      isAnimationActive={false}
      maxBarSize={28}
      minPointSize={ZERO_PX}
      {...(model.ghostName === undefined ? {} : { barSize: slotPx * BESIDE_GHOST })}
    >
      {model.slots.map((slot) => (
        <Cell key={slot.key} fill={slot.hatched ? `url(#${id}-hatched)` : 'var(--chart-usage)'} />
      ))}
    </Bar>
  );
}

/** Height of a zero, so that it differs from a missing value. */
const ZERO_PX = 2;

function linesOf(slot: BarSlot, model: BarChartModel): TooltipLine[] {
  const lines: TooltipLine[] = [];
  if (slot.value !== null) {
    lines.push({
      name: model.valueName,
      value: figureWithUnit(slot.value, model.decimals, model.unit),
      color: 'var(--chart-usage)',
    });
  }
  if (model.ghostName !== undefined && typeof slot.ghost === 'number') {
    lines.push({
      name: model.ghostName,
      value: figureWithUnit(slot.ghost, model.decimals, model.unit),
      color: 'var(--chart-ghost)',
    });
  }
  return lines;
}
