'use client';

import { useLocale } from 'next-intl';
import { useToday } from '../shell/today.tsx';
import { type ClosingTime, closingTime } from './closing-time.ts';

export function useClosingTime(): ClosingTime {
  return closingTime(useLocale(), useToday());
}
