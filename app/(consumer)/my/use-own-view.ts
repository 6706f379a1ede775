'use client';

import { usePathname, useSearchParams } from 'next/navigation';
import type { Against } from '../../../components/consumer/month-sentences.ts';
import { monthOf } from '../../../lib/time.ts';
import { ownDay, ownMonth } from './own-address.ts';

export interface OwnView {
  /** The latest month where it is absent. */
  month: string | undefined;
  /** The day whose hours are open. */
  day: string | undefined;
  against: Against;
  showMonth: (month: string | undefined) => void;
  /** A day of another month brings that month along. */
  showDay: (day: string | undefined) => void;
  compareWith: (against: Against) => void;
}

/** What is in view, held in the address: it can be sent, kept as a bookmark and stepped back. */
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
