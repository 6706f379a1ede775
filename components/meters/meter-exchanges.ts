/** Exchanges of the meters of a supply point, as lines of its charts and as sentences. */
import type { MeterDetailWire, MeterReadingsWire } from '../../lib/meters/meter-wire.ts';
import { dayOf } from '../../lib/time.ts';
import { hourNumber } from '../../lib/usage/usage-line.ts';
import type { ChartEvent } from '../charts/chart-model.ts';
import { slotKey } from '../charts/time-slots.ts';
import { fullInstantText } from '../text/date-text.ts';
import type { Reader } from './meter-charts.ts';

type Fitting = MeterDetailWire['fittings'][number];

/** A change of the meter at the supply point. */
interface MeterChange {
  at: string;
  /** Serials before and after; null where there was no meter. */
  removed: string | null;
  fitted: string | null;
}

/** Changes within the period, in order of time; a meter that replaces another at once is one change. */
function changesIn({ fittings }: Pick<MeterDetailWire, 'fittings'>, { from, to }: Period) {
  const order = fittings.toSorted((a, b) => a.fittedAt.localeCompare(b.fittedAt));
  const changes = order.flatMap((fitting, position): MeterChange[] => {
    const before = order[position - 1];
    const next = order[position + 1];
    const replaced = before?.removedAt === fitting.fittedAt ? before.meterSerial : null;
    const begins = { at: fitting.fittedAt, removed: replaced, fitted: fitting.meterSerial };
    const { removedAt } = fitting;
    if (removedAt === null || next?.fittedAt === removedAt) return [begins];
    return [begins, { at: removedAt, removed: fitting.meterSerial, fitted: null }];
  });
  return changes.filter(({ at }) => {
    const day = dayOf(new Date(at));
    return day >= from && day <= to;
  });
}

type Period = Pick<MeterReadingsWire, 'from' | 'to' | 'step'>;

/** Lines of a chart over the period, each in the slot that contains the change. */
export function exchangeLines(
  meter: Pick<MeterDetailWire, 'fittings'>,
  period: Period,
  { t }: Reader,
): ChartEvent[] {
  return changesIn(meter, period).map((change) => ({
    key: keyOf(change.at, period.step),
    name: changeName(change, t),
  }));
}

/** One sentence for each change in the period: its instant and both serials. */
export function exchangeSentences(
  meter: Pick<MeterDetailWire, 'fittings'>,
  period: Period,
  { t, locale }: Reader,
): string[] {
  return changesIn(meter, period).map((change) => {
    const name = changeName(change, t);
    const isExchange = change.removed !== null && change.fitted !== null;
    const said = isExchange ? t('changeExchanged', { serials: name }) : name;
    return t('changed', { at: fullInstantText(change.at, locale), change: said });
  });
}

function changeName({ removed, fitted }: MeterChange, t: Reader['t']): string {
  if (removed !== null && fitted !== null) return `${removed} → ${fitted}`;
  return fitted === null
    ? t('changeRemoved', { serial: removed ?? '' })
    : t('changeFitted', { serial: fitted });
}

const HOUR_MS = 3_600_000;

function keyOf(instant: string, step: MeterReadingsWire['step']): string {
  const day = dayOf(new Date(instant));
  if (step === 'day') return slotKey(day, null);
  const midnight = Date.parse(`${day}T00:00:00+09:00`);
  const hourEnding = Math.floor((Date.parse(instant) - midnight) / HOUR_MS) + 1;
  return slotKey(day, hourEnding);
}

/** The latest stay of a meter at its supply point, and the meters that came after it, in order of time. */
export function successorsOf({
  meterId,
  fittings,
}: Pick<MeterDetailWire, 'meterId' | 'fittings'>): { removedAt: string | null; later: Fitting[] } {
  const order = fittings.toSorted((a, b) => a.fittedAt.localeCompare(b.fittedAt));
  const stay = order.findLastIndex((fitting) => fitting.meterId === meterId);
  return { removedAt: order[stay]?.removedAt ?? null, later: order.slice(stay + 1) };
}

/** True when the meter of the first fitting came at this hour of the day or later, so that nothing was used before. */
export function beganWith(
  { fittings }: Pick<MeterDetailWire, 'fittings'>,
  day: string,
  fromHour: number,
): boolean {
  const [first] = fittings.map(({ fittedAt }) => fittedAt).sort();
  if (first === undefined) return false;
  const hour = Math.floor(Date.parse(first) / HOUR_MS) + 9;
  return hour >= hourNumber(day, 0) && hourNumber(day, fromHour) <= hour;
}
