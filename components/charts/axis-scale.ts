/** Round axis scales: intervals of 1, 2 or 5 times a power of ten, and as many labels as the width holds. */

export interface AxisScale {
  min: number;
  max: number;
  ticks: number[];
  /** Decimals that the tick labels need. */
  decimals: number;
}

export interface AxisRange {
  values: readonly (number | null | undefined)[];
  /** True: the axis begins at zero (amounts); false: near the values (pressures). */
  fromZero: boolean;
  /** Intervals wished for; the axis has this many or up to twice as many. */
  intervals?: number;
}

/** A round scale that contains every value; 0…1 without values. */
export function axisScale({ values, fromZero, intervals = 4 }: AxisRange): AxisScale {
  const known = values.filter((value): value is number => typeof value === 'number');
  const lowest = fromZero ? Math.min(0, ...known) : Math.min(...known);
  const highest = fromZero ? Math.max(0, ...known) : Math.max(...known);
  if (known.length === 0 || (fromZero && lowest === 0 && highest === 0)) {
    return { min: 0, max: 1, ticks: [0, 1], decimals: 0 };
  }
  const span = highest - lowest || Math.abs(highest) || 1;
  const { interval, exponent } = roundInterval(span / intervals);
  const first = Math.floor(lowest / interval + 1e-9);
  const last = Math.max(Math.ceil(highest / interval - 1e-9), first + 1);
  const decimals = Math.max(0, -exponent);
  const ticks = Array.from({ length: last - first + 1 }, (_, at) =>
    Number(((first + at) * interval).toFixed(decimals)),
  );
  return { min: ticks[0] ?? 0, max: ticks.at(-1) ?? 1, ticks, decimals };
}

function roundInterval(rough: number): { interval: number; exponent: number } {
  const exponent = Math.floor(Math.log10(rough));
  const lead = rough / 10 ** exponent;
  const factor = lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10;
  return factor === 10
    ? { interval: 10 ** (exponent + 1), exponent: exponent + 1 }
    : { interval: factor * 10 ** exponent, exponent };
}

/**
 * Keys of the slots whose labels are drawn: every n-th of those with a label, n as small as the width allows. `labelPx`
 * is the width of one label.
 */
export function labelledKeys(
  slots: readonly { key: string; label: string }[],
  widthPx: number,
  labelPx: number,
): string[] {
  const candidates = slots.filter((slot) => slot.label !== '');
  const room = Math.max(1, Math.floor(widthPx / labelPx));
  const every = Math.max(1, Math.ceil(candidates.length / room));
  return candidates.filter((_, at) => at % every === 0).map((slot) => slot.key);
}
