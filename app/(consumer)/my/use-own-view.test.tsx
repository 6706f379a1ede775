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
const OWN = {
  period: 'calendar' as const,
  closingDay: 20,
  firstDay: '2026-01-25',
  finalDay: '2026-04-22',
};
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
    view.moveDay(-1, DAYS, OWN);
    view.moveDay(-1, DAYS, OWN);
    expect(address()).toBe('?month=2026-02&day=2026-02-28&compare=year');
    for (const days of [-1, -1]) view.moveDay(days, DAYS, OWN);
    expect(address()).toBe('?month=2026-02&day=2026-02-27&compare=year');
  });
});

describe('the kind of months', () => {
  const usage = (month: string) => ({ usage: { month } });
  beforeEach(() => window.history.replaceState(null, '', '/my?month=2026-03&day=2026-03-02'));

  it('is in the address, and a change of it stays at the month of the same name', () => {
    const { current: view } = renderHook(() => useOwnView()).result;
    view.showPeriod('billing', { ...OWN, ...usage('2026-03') });
    expect(address()).toBe('?month=2026-03&period=billing');
    view.showPeriod('calendar', { ...OWN, period: 'billing', ...usage('2026-03') });
    expect(address()).toBe('?month=2026-03');
  });

  it('stays within the months that can be asked for', () => {
    const { current: view } = renderHook(() => useOwnView()).result;
    view.showPeriod('billing', { ...OWN, ...usage('2026-01') });
    expect(address()).toBe('?month=2026-02&period=billing');
    view.showPeriod('calendar', { ...OWN, period: 'billing', ...usage('2026-05') });
    expect(address()).toBe('?month=2026-04');
  });

  it('decides to which month a day belongs', () => {
    const { current: view } = renderHook(() => useOwnView()).result;
    view.showDay('2026-03-21', { ...OWN, period: 'billing' });
    expect(address()).toBe('?month=2026-04&day=2026-03-21');
    view.showDay('2026-03-21', OWN);
    expect(address()).toBe('?month=2026-03&day=2026-03-21');
  });

  it('changes nothing of the latest month', () => {
    window.history.replaceState(null, '', '/my');
    const { current: view } = renderHook(() => useOwnView()).result;
    view.showPeriod('billing', { ...OWN, ...usage('2026-03') });
    expect(address()).toBe('?period=billing');
  });
});
