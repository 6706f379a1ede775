// The order in which the parts of the sidecar are started, drained and stopped.
import type { BoundedLog } from '../lib/bounded-log.ts';
import type { DownlinkPath } from './downlink-path.ts';
import type { HealthServer } from './health.ts';
import { DRAIN, type IngestOptions } from './ingest-options.ts';
import type { Broker } from './mqtt/broker.ts';
import type { Listener } from './mqtt/listener.ts';
import type { Stage } from './part-runner.ts';
import type { RoutineChecks } from './routine-checks.ts';
import type { OwnerChannel } from './session/owner-channel.ts';
import type { TerminalOwners } from './session/terminal-owners.ts';
import type { UplinkPath } from './uplink-path.ts';

/** The objects of a sidecar that are started or stopped. */
export interface SidecarParts {
  health: HealthServer;
  log: BoundedLog;
  listener: Listener;
  uplink: UplinkPath;
  channel: OwnerChannel;
  owners: TerminalOwners;
  broker: Broker;
  downlink: DownlinkPath;
  checks: RoutineChecks;
}

/**
 * The parts, stage by stage in the order of starting. They are stopped from the last stage to the first, after all
 * parts that can accept something new have stopped doing so: CONNECTs, frames and connections are refused before the
 * first deadline begins.
 */
export function sidecarStages(
  parts: SidecarParts,
  { worker, drain }: Pick<IngestOptions, 'worker' | 'drain'>,
): Stage[] {
  const { health, log, listener, uplink, channel, owners, broker, downlink, checks } = parts;
  const { commitMs, flushMs } = drain ?? DRAIN;
  return [
    // Reports `draining` until everything else has ended.
    [health],
    [{ name: 'log', stop: async () => log.flush() }],
    // Its jobs end while the sidecar drains: nothing of the sidecar waits for them.
    worker === undefined ? [] : [worker],
    [{ name: 'sockets', stop: async () => listener.destroySockets() }],
    [
      { name: 'lanes', start: () => uplink.start(), stop: async () => uplink.close() },
      { name: 'owner channel', start: () => channel.start(), stop: async () => channel.close() },
    ],
    [{ name: 'owners', stop: () => owners.idle(), stopWithinMs: flushMs }],
    // Written data is sent before a connection is closed.
    [
      {
        ...{ name: 'broker', start: () => broker.start(), drain: () => broker.drain() },
        ...{ stop: () => broker.close(), stopWithinMs: flushMs },
      },
    ],
    // Accepted frames are committed and acknowledged, and running requests to terminals are finished.
    [
      { name: 'frames', stop: () => uplink.idle(), stopWithinMs: commitMs },
      {
        ...{ name: 'asking', start: async () => downlink.start(), drain: () => downlink.drain() },
        ...{ stop: () => downlink.idle(), stopWithinMs: commitMs },
      },
    ],
    [{ name: 'listener', start: () => listener.start(), drain: () => listener.close() }],
    [checks],
  ];
}
