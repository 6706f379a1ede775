import { answerTest } from '../../lib/terminals/terminal-test-commands.ts';
import type { Taken } from '../frame-hops.ts';
import { decodeTestCall } from '../protocol/test-call.ts';
import type { UplinkCommand } from '../store/command-writer.ts';
import type { Proven, UplinkOutcomes } from './uplink-outcomes.ts';

/**
 * A test call [TERM-7.3]: proves contact, and closes the test with its nonce in the transaction that takes its counter.
 */
export function onTestCall(proven: Proven, outcomes: UplinkOutcomes): Taken | UplinkCommand {
  const { frame } = proven;
  const decoded = decodeTestCall(proven.payload);
  if (!decoded.ok) {
    outcomes.quarantine(frame, decoded.reason, decoded.offset);
    return 'handled';
  }
  const { nonce } = decoded.message;
  const { terminalId, number: terminal } = frame.session;
  const at = new Date(frame.receivedAtMs);
  return async (tx) => {
    // Nonce 0: not an answer to a test.
    const answers = nonce !== 0 && (await answerTest(tx, { terminalId, nonce, at }));
    return answers ? (log) => log.info({ terminal }, 'terminal answered a test') : undefined;
  };
}
