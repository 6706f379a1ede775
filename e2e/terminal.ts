/** Days that a terminal of the run's fleet reports through the broker when a journey wants it. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSession } from '../ingest/simulator/awake-session.ts';
import { type FleetTerminal, readFleetFile, writeWhole } from '../ingest/simulator/fleet-file.ts';
import { createMember } from '../ingest/simulator/fleet-member.ts';
import { openFleetState } from '../ingest/simulator/fleet-state.ts';
import { daysAgo } from './answers.ts';
import { product } from './product.ts';

/** Above the counters that the terminal used for its history, and rising from one call to the next. */
const countersThrough = () => Math.floor(Date.now() / 1000);

export interface NewMeter {
  serial: string;
  /** Instant of the exchange. */
  fittedAt: Date;
}

/**
 * Reports these days and no other, whatever is requested; resolves when each is acknowledged. With `newMeter` the terminal
 * reads that meter since the exchange.
 */
export async function reportDays(
  terminalNumber: string,
  days: readonly string[],
  newMeter?: NewMeter,
): Promise<void> {
  const { fleetFile, mqttUrl } = product();
  const fleet = await readFleetFile(fleetFile);
  const known = fleet.terminals.find(({ number }) => number === terminalNumber)!;
  const spec = newMeter ? withNewMeter(known, newMeter) : known;
  const stateFile = join(tmpdir(), `kenshin-e2e-${randomBytes(6).toString('hex')}.json`);
  const terminals = {
    [terminalNumber]: { countersThrough: countersThrough(), historyThrough: daysAgo(30) },
  };
  await writeWhole(stateFile, JSON.stringify({ version: 1, fleetId: fleet.id, terminals }));
  const state = await openFleetState(stateFile, fleet.id);
  const { firstDay } = fleet;
  const options = { firstDay, reportFrom: firstDay, now: () => new Date() };
  const { simulated } = createMember({ ...spec, faults: [] }, state.of(terminalNumber), options);
  await runSession(
    { ...simulated, terminal: { ...simulated.terminal, open: () => undefined } },
    { link: { brokerUrl: mqttUrl }, days: () => days, listenMs: 0 },
  );
  await state.close();
  await rm(stateFile);
}

function withNewMeter(spec: FleetTerminal, { serial, fittedAt }: NewMeter): FleetTerminal {
  const at = fittedAt.toISOString();
  const [meter] = spec.meters;
  if (!meter) return spec;
  const fitted = { serial, dialL: meter.dialL, fittedAt: at, startIndexL: 0 };
  return { ...spec, meters: [{ ...meter, removedAt: at }, fitted] };
}
