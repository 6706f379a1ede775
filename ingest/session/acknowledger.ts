import type { CommittedFrames, TerminalCaller } from '../frame-hops.ts';
import type { UplinkFrame } from './terminal-session.ts';

/** Acknowledges frames whose commit went through [TERM-8.4], and no others; then their terminals may be asked for what is open. */
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
