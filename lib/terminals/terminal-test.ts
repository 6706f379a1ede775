/** How far a test of a terminal came: the last thing that was proven, or that its time is over. */
export type TerminalTestState = 'requested' | 'sent' | 'acknowledged' | 'answered' | 'expired';

export interface TerminalTest {
  testId: number;
  terminalNumber: string;
  /** The number that the answering test call repeats, 1 to 4,294,967,295. */
  nonce: number;
  requestedAt: Date;
  expiresAt: Date;
  /** When it was last handed to a connection, acknowledged (PUBACK), and answered by a test call; null while it was not. */
  sentAt: Date | null;
  acknowledgedAt: Date | null;
  answeredAt: Date | null;
}

export function terminalTestState(test: TerminalTest, now: Date): TerminalTestState {
  if (test.answeredAt !== null) return 'answered';
  if (now >= test.expiresAt) return 'expired';
  if (test.acknowledgedAt !== null) return 'acknowledged';
  return test.sentAt === null ? 'requested' : 'sent';
}
