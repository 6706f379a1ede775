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
import { MARGIN, slotAt, timeAxis, useChartSize, valueAxis } from './chart-size.ts';
import { ChartTooltip, figureWithUnit, slotUnder, type TooltipLine } from './chart-tooltip.tsx';
import classes from './charts.module.css';
import { ChartPatterns, gapAreas } from './gap-marks.tsx';

interface BarChartProps {
  model: BarChartModel;
  height?: number;
  /** The slot that is chosen; a band stands behind it. */
  selectedKey?: string | undefined;
  onSelect?: ((key: string) => void) | undefined;
}

/** Share of a slot that a bar takes before a ghost, which then shows on both sides of it. */
const BESIDE_GHOST = 0.45;

/** Amounts as bars, the period compared with as wider, paler bars behind them. */
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
          {...(onSelect
            ? {
                onClick: (_, event) => {
                  const slot = slotAt(event, model.slots);
                  if (slot) onSelect(slot.key);
                },
              }
            : {})}
        >
          <ChartPatterns id={id} />
          <CartesianGrid vertical={false} stroke="var(--chart-grid)" />
          {selectedKey === undefined ? null : (
            <ReferenceArea
              x1={selectedKey}
              x2={selectedKey}
              fill="var(--chart-chosen)"
              fillOpacity={1}
              stroke="none"
              ifOverflow="hidden"
            />
          )}
          {gapAreas(id, model.slots)}
          <XAxis {...timeAxis(model.slots, ticks)} />
          <XAxis dataKey="key" scale="band" xAxisId="behind" hide />
          <YAxis {...valueAxis(scale)} />
          <Tooltip
            filterNull={false}
            isAnimationActive={false}
            cursor={{ fill: 'var(--chart-grid)', opacity: 0.5 }}
            content={({ payload }) => {
              const slot = slotUnder<BarSlot>(payload);
              return slot ? <ChartTooltip slot={slot} lines={linesOf(slot, model)} /> : null;
            }}
          />
          {model.ghostName === undefined ? null : (
            <Bar
              dataKey="ghost"
              xAxisId="behind"
              fill="var(--chart-ghost)"
              isAnimationActive={false}
            />
          )}
          <Bar
            dataKey="value"
            isAnimationActive={false}
            maxBarSize={28}
            {...(model.ghostName === undefined ? {} : { barSize: slotPx * BESIDE_GHOST })}
          >
            {model.slots.map((slot) => (
              <Cell
                key={slot.key}
                fill={slot.hatched ? `url(#${id}-hatched)` : 'var(--chart-usage)'}
              />
            ))}
          </Bar>
        </ComposedChart>
      )}
    </div>
  );
}

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
