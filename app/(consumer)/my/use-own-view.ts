'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import type { Against } from '../../../components/consumer/month-sentences.ts';
import { addDays, addMonths, monthOf } from '../../../lib/time.ts';
import { ownDay, ownMonth } from './own-usage-address.ts';

interface Bounds {
  shown: string;
  first: string;
  last: string;
}

export interface OwnView {
  /** Undefined means the latest month. */
  month: string | undefined;
  /** The day whose hours are shown. */
  day: string | undefined;
  against: Against;
  showMonth: (month: string | undefined) => void;
  /** Goes so many months, or days, from the one chosen last, or from `shown`, within the bounds. */
  moveMonth: (months: number, own: Bounds) => void;
  moveDay: (days: number, own: Bounds) => void;
  /** Also changes the month when the day is of another one. */
  showDay: (day: string | undefined) => void;
  compareWith: (against: Against) => void;
}

/** Month and day in view, kept in the address so that they can be shared, bookmarked and undone with Back. */
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
    day: ownDay(read),
    against,
    showMonth: (month) => show({ month, day: undefined }),
    moveMonth: (months, { shown, first, last }) => {
      const month = addMonths(ownMonth(readCurrent) ?? shown, months);
      if (month >= first && month <= last) show({ month, day: undefined });
    },
    moveDay: (days, { shown, first, last }) => {
      const day = addDays(ownDay(readCurrent) ?? shown, days);
      if (day >= first && day <= last) show({ day, month: monthOf(day) });
    },
    showDay: (day) => show(day === undefined ? { day } : { day, month: monthOf(day) }),
    compareWith: (other) => show({ compare: other === 'lastYear' ? 'year' : undefined }),
  };
}

/** The address itself: after a click that was just made the page may not have been drawn anew. */
function readCurrent(name: string): string | undefined {
  return new URLSearchParams(window.location.search).get(name) ?? undefined;
}
