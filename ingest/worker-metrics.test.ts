import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WorkerMetrics } from './worker-metrics.ts';

const QUEUED = 'kenshin_jobs_queued{kind="plan-polling",state="waiting"} 3';

describe('the metrics of a worker', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('count what the queue holds', async () => {
    const metrics = new WorkerMetrics(async () => [
      { kind: 'plan-polling', state: 'waiting', jobs: 3 },
    ]);
    expect(await metrics.registry.metrics()).toContain(QUEUED);
  });

  it.each([
    ['is away', () => Promise.reject(new Error('connection refused'))],
    ['gives no answer', () => new Promise<never>(() => undefined)],
  ])('say nothing of the queue while the database %s, and the rest', async (_, countQueue) => {
    const metrics = new WorkerMetrics(countQueue);
    metrics.ended('plan-polling', 'done', 0.2);
    const text = metrics.registry.metrics();
    await vi.advanceTimersByTimeAsync(2000);
    expect(await text).toContain('kenshin_jobs_total{kind="plan-polling",outcome="done"} 1');
    expect(await text).not.toContain('kenshin_jobs_queued{');
  });

  it('forget what the queue held when it cannot be counted any more', async () => {
    let isAway = false;
    const metrics = new WorkerMetrics(async () => {
      if (isAway) throw new Error('connection refused');
      return [{ kind: 'plan-polling', state: 'waiting', jobs: 3 }];
    });
    expect(await metrics.registry.metrics()).toContain(QUEUED);
    isAway = true;
    expect(await metrics.registry.metrics()).not.toContain('kenshin_jobs_queued{');
  });
});
