import { describe, expect, it } from 'vitest';
import type { TerminalTest } from '../lib/terminals/terminal-test.ts';
import { followTest } from './follow-test.ts';

const at = (second: number) => new Date(Date.UTC(2026, 4, 1, 3, 0, second));
const requested: TerminalTest = {
  ...{ testId: 3, terminalNumber: '0042', nonce: 9, requestedAt: at(0), expiresAt: at(3600) },
  ...{ sentAt: null, acknowledgedAt: null, answeredAt: null },
};

/** Follows a test of which each read, half a second apart, returns the next version. */
async function follow(versions: readonly TerminalTest[], waitMs = 60_000) {
  const lines: string[] = [];
  let reads = 0;
  const { state, proven } = await followTest({
    read: async () => versions[Math.min(reads++, versions.length - 1)]!,
    say: (line) => lines.push(line),
    now: () => new Date(at(0).getTime() + reads * 500),
    pause: async () => undefined,
    waitMs,
  });
  return { state, proven, lines };
}

describe('following a test', () => {
  it('prints each event once it is proven, and its meaning at the end', async () => {
    const sent = { ...requested, sentAt: at(1) };
    const acknowledged = { ...sent, acknowledgedAt: at(2) };
    const { state, proven, lines } = await follow([
      ...[requested, requested, sent, acknowledged],
      { ...acknowledged, answeredAt: at(4) },
    ]);
    expect(state).toBe('answered');
    expect(lines.map((line) => line.replace(/^2026\S+ /, ''))).toEqual([
      'test 3 of terminal 0042 requested',
      'sent',
      'acknowledged',
      'answered',
    ]);
    expect(proven).toBe('Proven: the terminal hears the cloud, holds its key, and is heard.');
  });

  it.each([
    ['requested', {}, /^Not sent yet: .* --test 3 /],
    ['sent', { sentAt: at(1) }, /^Sent, not acknowledged: .* --test 3 /],
    ['acknowledged', { sentAt: at(1), acknowledgedAt: at(1) }, /^Acknowledged, .* --test 3 /],
  ] as const)('ends when the wait is over: %s', async (state, change, says) => {
    const followed = await follow([{ ...requested, ...change }], 2000);
    expect(followed).toMatchObject({ state, proven: expect.stringMatching(says) });
  });

  it('ends when the test has expired', async () => {
    expect(await follow([{ ...requested, expiresAt: at(1) }])).toMatchObject({
      state: 'expired',
      proven: expect.stringContaining('was not connected in time'),
    });
  });
});
