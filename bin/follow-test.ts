// Follows a test of a terminal and says each step when it is proven.
import {
  type TerminalTest,
  type TerminalTestState,
  terminalTestState,
} from '../lib/terminals/terminal-test.ts';
import { formatJst } from '../lib/time.ts';

export interface FollowOptions {
  /** The test as the database has it now. */
  read: () => Promise<TerminalTest>;
  say: (line: string) => void;
  now: () => Date;
  /** Settles after so many milliseconds. */
  pause: (ms: number) => Promise<void>;
  waitMs: number;
}

const EVERY_MS = 500;

/** Ends when the test is answered or expired, or the time to wait is over; yields how far it came. */
export async function followTest(options: FollowOptions): Promise<TerminalTestState> {
  const { read, say, now, pause, waitMs } = options;
  const endsAtMs = now().getTime() + waitMs;
  const told = new Set<string>();
  for (;;) {
    const test = await read();
    for (const line of stepsOf(test)) {
      if (told.has(line)) continue;
      told.add(line);
      say(line);
    }
    const state = terminalTestState(test, now());
    if (state === 'answered' || state === 'expired' || now().getTime() >= endsAtMs) {
      say(PROVEN[state]);
      return state;
    }
    await pause(EVERY_MS);
  }
}

/** What the last proven step means. */
const PROVEN: Readonly<Record<TerminalTestState, string>> = {
  requested:
    'Not sent yet: the terminal is not connected. It is tested at its next contact; run this again with --test to see it.',
  sent: 'Sent, not acknowledged: nothing is proven yet. It is sent again at the next contact.',
  acknowledged: 'Acknowledged, not answered: the terminal has the test; its call is awaited.',
  answered: 'Proven: the terminal hears the cloud, holds its key, and is heard.',
  expired: 'Expired: the terminal did not answer in time.',
};

function stepsOf(test: TerminalTest): string[] {
  const { testId, terminalNumber, requestedAt, sentAt, acknowledgedAt, answeredAt } = test;
  const steps = [
    `${formatJst(requestedAt)} test ${testId} of terminal ${terminalNumber} requested`,
  ];
  if (sentAt !== null) steps.push(`${formatJst(sentAt)} sent`);
  if (acknowledgedAt !== null) steps.push(`${formatJst(acknowledgedAt)} acknowledged`);
  if (answeredAt !== null) steps.push(`${formatJst(answeredAt)} answered`);
  return steps;
}
