/**
 * Models of terminals: outside the meter, or one of the two built into it. The same as in the check of
 * `terminal.model`.
 */
export const TERMINAL_MODELS = ['external', 'us', 'jo'] as const;
export type TerminalModel = (typeof TERMINAL_MODELS)[number];
