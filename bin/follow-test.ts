// Follows a test of a terminal and prints each event once it is proven.
import {
  type TerminalTest,
  type TerminalTestState,
  terminalTestState,
} from '../lib/terminals/terminal-test.ts';
import { formatJst } from '../lib/time.ts';

export interface FollowOptions {
  /** Reads the test's current state. */
  read: () => Promise<TerminalTest>;
  say: (line: string) => void;
  now: () => Date;
  /** Resolves after so many milliseconds. */
  pause: (ms: number) => Promise<void>;
  waitMs: number;
}

const EVERY_MS = 500;

/** Result of following a test. */
export interface FollowedTest {
  test: TerminalTest;
  state: TerminalTestState;
  /** What its last event proves, and what comes next. */
  proven: string;
}

/** Ends when the test is answered or expired, or the wait is over; prints each event once. */
export async function followTest(options: FollowOptions): Promise<FollowedTest> {
  const { read, say, now, pause, waitMs } = options;
  const endsAtMs = now().getTime() + waitMs;
  const reported = new Set<string>();
  for (;;) {
    const test = await read();
    for (const line of eventsOf(test)) {
      if (reported.has(line)) continue;
      reported.add(line);
      say(line);
    }
    const state = terminalTestState(test, now());
    if (state === 'answered' || state === 'expired' || now().getTime() >= endsAtMs) {
      return { test, state, proven: PROVEN[state](test) };
    }
    await pause(EVERY_MS);
  }
}

/** Meaning of each proven state. */
const PROVEN: Readonly<Record<TerminalTestState, (test: TerminalTest) => string>> = {
  requested: ({ testId }) =>
    `Not sent yet: the terminal is not connected. It is tested at its next contact; --test ${testId} tells whether it was.`,
  sent: ({ testId }) =>
    `Sent, not acknowledged: nothing is proven yet. It is sent again at the next contact; --test ${testId} tells how it went.`,
  acknowledged: ({ testId }) =>
    `Acknowledged, not answered: the terminal has the test, and its call is awaited; --test ${testId} tells whether it came.`,
  answered: () => 'Proven: the terminal hears the cloud, holds its key, and is heard.',
  expired: (test) => `Expired: ${missingOf(test)} in time. Ask for another test with --number.`,
};

function missingOf({ sentAt, acknowledgedAt }: TerminalTest): string {
  if (acknowledgedAt !== null) return 'the terminal acknowledged the test and did not answer it';
  if (sentAt !== null) return 'the test was sent and the terminal did not acknowledge it';
  return 'the terminal was not connected';
}

function eventsOf(test: TerminalTest): string[] {
  const { testId, terminalNumber, requestedAt, sentAt, acknowledgedAt, answeredAt } = test;
  const events = [
    `${formatJst(requestedAt)} test ${testId} of terminal ${terminalNumber} requested`,
  ];
  if (sentAt !== null) events.push(`${formatJst(sentAt)} sent`);
  if (acknowledgedAt !== null) events.push(`${formatJst(acknowledgedAt)} acknowledged`);
  if (answeredAt !== null) events.push(`${formatJst(answeredAt)} answered`);
  return events;
}
