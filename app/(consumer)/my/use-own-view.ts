'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import type { Against } from '../../../components/consumer/month-sentences.ts';
import { monthOf } from '../../../lib/time.ts';
import { ownDay, ownMonth } from './own-usage-address.ts';

export interface OwnView {
  /** Undefined means the latest month. */
  month: string | undefined;
  /** The day whose hours are shown. */
  day: string | undefined;
  against: Against;
  showMonth: (month: string | undefined) => void;
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
    showDay: (day) => show(day === undefined ? { day } : { day, month: monthOf(day) }),
    compareWith: (other) => show({ compare: other === 'lastYear' ? 'year' : undefined }),
  };
}
