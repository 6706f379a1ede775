'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import type { Against } from '../../../components/consumer/month-sentences.ts';
import { addDays, addMonths } from '../../../lib/time.ts';
import { type PeriodKind, periodMonthOf } from '../../../lib/usage/usage-period.ts';
import type { OwnMonthWire } from '../../../lib/usage/usage-wire.ts';
import { ownDay, ownMonth, ownPeriod } from './own-usage-address.ts';

interface Bounds {
  shown: string;
  first: string;
  last: string;
}

/** Answer on which a view moves: kind and closing day of its months, and the days that can be asked for. */
type OwnAnswer = Pick<OwnMonthWire, 'period' | 'closingDay' | 'firstDay' | 'finalDay'>;

type ShownAnswer = OwnAnswer & { usage: { month: string } };

export interface OwnView {
  /** Undefined means the latest month with a reading. */
  month: string | undefined;
  period: PeriodKind;
  /** The day whose hours are shown. */
  day: string | undefined;
  against: Against;
  showMonth: (month: string | undefined) => void;
  /** Goes so many months, or days, from the one chosen last, or from `shown`, within the bounds. */
  moveMonth: (months: number, own: Bounds) => void;
  moveDay: (days: number, bounds: Bounds, own: OwnAnswer) => void;
  /** Also changes the month when the day is of another one. */
  showDay: (day: string, own: OwnAnswer) => void;
  closeDay: () => void;
  /** Changes the kind of the months and stays at about the same time. */
  showPeriod: (period: PeriodKind, own: ShownAnswer) => void;
  compareWith: (against: Against) => void;
}

/** Kind of months, month and day in view, kept in the address so that they can be shared, bookmarked and undone with Back. */
export function useOwnView(): OwnView {
  const params = useSearchParams();
  const pathname = usePathname();
  const read = (name: string) => params.get(name) ?? undefined;
  const against: Against = params.get('compare') === 'year' ? 'lastYear' : 'lastMonth';
  const show = (change: Record<string, string | undefined>) => {
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(change)) {
      if (value === undefined) next.delete(name);
      else next.set(name, value);
    }
    window.history.pushState(null, '', next.size > 0 ? `${pathname}?${next}` : pathname);
  };
  return {
    month: ownMonth(read),
    period: ownPeriod(read),
    day: ownDay(read),
    against,
    showMonth: (month) => show({ month, day: undefined }),
    moveMonth: (months, { shown, first, last }) => {
      const month = addMonths(ownMonth(readCurrent) ?? shown, months);
      if (month >= first && month <= last) show({ month, day: undefined });
    },
    moveDay: (days, { shown, first, last }, own) => {
      const day = addDays(ownDay(readCurrent) ?? shown, days);
      if (day >= first && day <= last) show({ day, month: monthWith(day, own) });
    },
    showDay: (day, own) => show({ day, month: monthWith(day, own) }),
    closeDay: () => show({ day: undefined }),
    showPeriod: (period, own) =>
      show({
        period: period === 'billing' ? period : undefined,
        month: ownMonth(readCurrent) && sameTimeIn(period, own),
        day: undefined,
      }),
    compareWith: (other) => show({ compare: other === 'lastYear' ? 'year' : undefined }),
  };
}

function monthWith(day: string, { period, closingDay }: OwnAnswer): string {
  return periodMonthOf(day, { kind: period, closingDay });
}

/** The month of another kind that is named as the one shown, within those that can be asked for. */
function sameTimeIn(period: PeriodKind, own: ShownAnswer): string {
  const first = monthWith(own.firstDay, { ...own, period });
  const final = monthWith(own.finalDay, { ...own, period });
  const { month } = own.usage;
  return [first, month, final].sort()[1] ?? month;
}

/** The address itself: after a click that was just made the page may not have been drawn anew. */
function readCurrent(name: string): string | undefined {
  return new URLSearchParams(window.location.search).get(name) ?? undefined;
}
