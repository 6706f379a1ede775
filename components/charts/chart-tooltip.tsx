'use client';

import { grouped } from '../text/figure-text.ts';
import type { Slot } from './chart-model.ts';
import classes from './charts.module.css';

export interface TooltipLine {
  name: string;
  value: string;
  color: string;
}

/** Tooltip on hover and arrow keys: full time of the slot, its values, or the reason for a gap. */
function ChartTooltip({ slot, lines }: { slot: Slot; lines: TooltipLine[] }) {
  return (
    <div className={classes.tooltip}>
      <div className={classes.tooltipTitle}>{slot.title}</div>
      {lines.map((line) => (
        <div key={line.name} className={classes.tooltipRow}>
          <span className={classes.swatch} style={{ background: line.color }} />
          <span>{line.name}</span>
          <span>{line.value}</span>
        </div>
      ))}
      {slot.gap === undefined ? null : <div>{slot.gap}</div>}
      {slot.note === undefined ? null : <div>{slot.note}</div>}
    </div>
  );
}

/** Content of the drawing library's tooltip; null when it is on no slot. */
export function tooltipContent<S extends Slot>(linesOf: (slot: S) => TooltipLine[]) {
  return ({ payload }: { payload?: readonly { payload?: unknown }[] }) => {
    const slot = slotUnder<S>(payload);
    return slot ? <ChartTooltip slot={slot} lines={linesOf(slot)} /> : null;
  };
}

/** Slot of the tooltip; undefined when it is on none. */
function slotUnder<S extends Slot>(
  payload: readonly { payload?: unknown }[] | undefined,
): S | undefined {
  return payload?.[0]?.payload as S | undefined;
}

export function figureWithUnit(value: number, decimals: number, unit: string): string {
  return `${grouped(value.toFixed(decimals))}${unit === '' ? '' : ` ${unit}`}`;
}
