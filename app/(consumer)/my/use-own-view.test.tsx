// @vitest-environment happy-dom
import { renderHook } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { useOwnView } from './use-own-view.ts';

// Stays as it was drawn first, as on a machine that is busy while the second click comes.
vi.mock('next/navigation', () => ({
  usePathname: () => '/my',
  useSearchParams: () => new URLSearchParams('month=2026-03&day=2026-03-02'),
}));

const MONTHS = { shown: '2026-03', first: '2026-01', last: '2026-04' };
const DAYS = { shown: '2026-03-02', first: '2026-02-27', last: '2026-03-03' };
const address = () => window.location.search;

describe('two quick moves of a household, before the page is drawn anew', () => {
  beforeEach(() =>
    window.history.replaceState(null, '', '/my?month=2026-03&day=2026-03-02&compare=year'),
  );

  it('go two months back, and not before the first month', () => {
    const { current: view } = renderHook(() => useOwnView()).result;
    view.moveMonth(-1, MONTHS);
    view.moveMonth(-1, MONTHS);
    expect(address()).toBe('?month=2026-01&compare=year');
    view.moveMonth(-1, MONTHS);
    expect(address()).toBe('?month=2026-01&compare=year');
  });

  it('go two days back, into the month before', () => {
    const { current: view } = renderHook(() => useOwnView()).result;
    view.moveDay(-1, DAYS);
    view.moveDay(-1, DAYS);
    expect(address()).toBe('?month=2026-02&day=2026-02-28&compare=year');
    for (const days of [-1, -1]) view.moveDay(days, DAYS);
    expect(address()).toBe('?month=2026-02&day=2026-02-27&compare=year');
  });
});
