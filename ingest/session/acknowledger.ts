import type { CommittedFrames, TerminalCaller } from '../frame-hops.ts';
import type { UplinkFrame } from './terminal-session.ts';

/**
 * Acknowledges frames after their commit [TERM-8.4], and only those; then their terminals may be sent open requests.
 */
export class Acknowledger implements CommittedFrames {
  readonly #downlink: Pick<TerminalCaller, 'callUp'>;

  constructor(downlink: Pick<TerminalCaller, 'callUp'>) {
    this.#downlink = downlink;
  }

  committed(frames: readonly UplinkFrame[]): void {
    for (const frame of frames) {
      frame.session.committed(frame);
      frame.acknowledge();
      this.#downlink.callUp(frame.connection);
    }
  }
}
