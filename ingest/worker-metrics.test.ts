import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WorkerMetrics } from './worker-metrics.ts';

type Figures = ConstructorParameters<typeof WorkerMetrics>[0];

const NOW = new Date('2026-11-26T10:00:00+09:00');

/** Metrics of a worker with a mail server and nothing to do, changed by `figures`. */
const metricsOf = (figures: Partial<Figures>) =>
  new WorkerMetrics({
    ...{ countQueue: async () => [], countMails: async () => [] },
    ...{ hasMailServer: true, now: () => NOW.getTime() },
    ...figures,
  });

const QUEUED = 'kenshin_jobs_queued{kind="plan-polling",state="waiting"} 3';

describe('the metrics of a worker', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('count what the queue holds', async () => {
    const metrics = metricsOf({
      countQueue: async () => [{ kind: 'plan-polling', state: 'waiting', jobs: 3 }],
    });
    expect(await metrics.registry.metrics()).toContain(QUEUED);
  });

  it.each([
    ['is away', () => Promise.reject(new Error('connection refused'))],
    ['gives no answer', () => new Promise<never>(() => undefined)],
  ])('say nothing of the queue while the database %s, and the rest', async (_, countQueue) => {
    const metrics = metricsOf({ countQueue, countMails: countQueue });
    metrics.ended('plan-polling', 'done', 0.2);
    const text = metrics.registry.metrics();
    await vi.advanceTimersByTimeAsync(2000);
    expect(await text).toContain('kenshin_jobs_total{kind="plan-polling",outcome="done"} 1');
    expect(await text).not.toMatch(
      /kenshin_jobs_queued\{|kenshin_mails_unsent\{|_waiting_seconds\{/,
    );
  });

  it('forget what the queue held when it cannot be counted any more', async () => {
    let isAway = false;
    const metrics = metricsOf({
      countQueue: async () => {
        if (isAway) throw new Error('connection refused');
        return [{ kind: 'plan-polling', state: 'waiting', jobs: 3 }];
      },
    });
    expect(await metrics.registry.metrics()).toContain(QUEUED);
    isAway = true;
    expect(await metrics.registry.metrics()).not.toContain('kenshin_jobs_queued{');
  });

  it('tell how many mails are not sent, and how long the oldest has waited', async () => {
    const oldestEnteredAt = new Date(NOW.getTime() - 90_000);
    const metrics = metricsOf({
      countMails: async () => [
        { kind: 'test', state: 'waiting', mails: 2, oldestEnteredAt },
        { kind: 'other', state: 'failed', mails: 1, oldestEnteredAt },
      ],
      hasMailServer: false,
    });
    const text = await metrics.registry.metrics();
    expect(text).toContain('kenshin_mails_unsent{kind="test",state="waiting"} 2');
    expect(text).toContain('kenshin_mails_unsent{kind="other",state="failed"} 1');
    expect(text).toContain('kenshin_mail_oldest_waiting_seconds{kind="test"} 90');
    expect(text).not.toContain('kenshin_mail_oldest_waiting_seconds{kind="other"}');
    expect(text).toContain('kenshin_mail_server_configured 0');
  });
});
