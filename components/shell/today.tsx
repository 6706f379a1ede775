'use client';

import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react';
import { dayOf } from '../../lib/time.ts';
import { createDayClock } from './day-clock.ts';

const Today = createContext<string | undefined>(undefined);

/** Provides the day of the page. @param now the instant of the page's request: day-clock.ts counts on from it. */
export function TodayProvider({ now, children }: { now: Date; children: ReactNode }) {
  const clock = useMemo(
    () => createDayClock({ now, readMs: () => Date.now(), page: () => document }),
    [now],
  );
  const today = useSyncExternalStore(clock.subscribe, clock.today, () => dayOf(now));
  return <Today value={today}>{children}</Today>;
}

/** The current JST day, YYYY-MM-DD; a page that stays open over midnight renders again with the next one. */
export function useToday(): string {
  const today = useContext(Today);
  if (today === undefined) throw new Error('useToday needs a TodayProvider around it');
  return today;
}
