import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** File in which this checkout's demo keeps its ports. */
const DEMO_PORTS = fileURLToPath(new URL('../../.local/demo-run/stack.json', import.meta.url));
const USUAL = 'mqtt://127.0.0.1:1883';
const ANSWERS_WITHIN_MS = 1_000;

const Ports = z.object({ mqttPort: z.number().int() });

/** URL of this checkout's demo broker if it listens, otherwise of a sidecar with the default port on this machine. */
export async function brokerNearby(): Promise<string> {
  const port = demoPort();
  if (port === undefined || !(await listens(port))) return USUAL;
  return `mqtt://127.0.0.1:${port}`;
}

function demoPort(): number | undefined {
  try {
    return Ports.parse(JSON.parse(readFileSync(DEMO_PORTS, 'utf8'))).mqttPort;
  } catch {
    return undefined;
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: ANSWERS_WITHIN_MS });
    const answer = (does: boolean) => () => {
      socket.destroy();
      resolve(does);
    };
    socket.once('connect', answer(true));
    socket.once('error', answer(false));
    socket.once('timeout', answer(false));
  });
}
