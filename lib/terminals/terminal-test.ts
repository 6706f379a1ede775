/** State of a terminal's test: the last proven event, or that its time is over. */
export type TerminalTestState = 'requested' | 'sent' | 'acknowledged' | 'answered' | 'expired';

export interface TerminalTest {
  testId: number;
  terminalNumber: string;
  /** Number that the answering test call repeats, 1 to 4,294,967,295. */
  nonce: number;
  requestedAt: Date;
  expiresAt: Date;
  /** When it was last handed to a connection, acknowledged (PUBACK), and answered by a test call; null before that. */
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
