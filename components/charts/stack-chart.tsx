'use client';

import { useId } from 'react';
import { Bar, CartesianGrid, ComposedChart, Tooltip, XAxis, YAxis } from 'recharts';
import { axisScale } from './axis-scale.ts';
import type { StackChartModel, StackSlot } from './chart-model.ts';
import { MARGIN, picking, timeAxis, useChartSize, valueAxis } from './chart-size.ts';
import { figureWithUnit, type TooltipLine, tooltipContent } from './chart-tooltip.tsx';
import classes from './charts.module.css';
import { ChartPatterns, gapAreas } from './gap-marks.tsx';

interface StackChartProps {
  model: StackChartModel;
  height?: number;
  onSelect?: ((key: string) => void) | undefined;
}

/** Parts of a total, stacked per slot, with a legend. */
export function StackChart({ model, height = 240, onSelect }: StackChartProps) {
  const id = useId();
  const { ref, width, ticks } = useChartSize(model.slots);
  const totals = model.slots.map((slot) =>
    model.parts.reduce((sum, part) => sum + (slot.values[part.key] ?? 0), 0),
  );
  const scale = axisScale({ values: totals, fromZero: true });
  return (
    <div
      ref={ref}
      className={onSelect ? `${classes.area} ${classes.pickable}` : classes.area}
      style={{ minHeight: height }}
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
          {gapAreas(id, model.slots)}
          <XAxis {...timeAxis(model.slots, ticks)} />
          <YAxis {...valueAxis(scale)} />
          <Tooltip
            filterNull={false}
            isAnimationActive={false}
            cursor={{ fill: 'var(--chart-grid)', opacity: 0.5 }}
            content={tooltipContent<StackSlot>((slot) => linesOf(slot, model))}
          />
          {model.parts.map((part) => (
            <Bar
              key={part.key}
              dataKey={(slot: StackSlot) => slot.values[part.key] ?? 0}
              name={part.name}
              stackId="whole"
              fill={`var(--chart-${part.tone})`}
              isAnimationActive={false}
              maxBarSize={36}
            />
          ))}
        </ComposedChart>
      )}
      <Legend parts={model.parts} />
    </div>
  );
}

function Legend({ parts }: Pick<StackChartModel, 'parts'>) {
  return (
    <ul className={classes.legend} aria-hidden>
      {parts.map((part) => (
        <li key={part.key}>
          <span className={classes.swatch} style={{ background: `var(--chart-${part.tone})` }} />
          {part.name}
        </li>
      ))}
    </ul>
  );
}

function linesOf(slot: StackSlot, model: StackChartModel): TooltipLine[] {
  return model.parts.flatMap((part) => {
    const value = slot.values[part.key] ?? 0;
    return value === 0
      ? []
      : [
          {
            name: part.name,
            value: figureWithUnit(value, model.decimals, model.unit),
            color: `var(--chart-${part.tone})`,
          },
        ];
  });
}
