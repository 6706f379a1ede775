import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const DEMO = new URL('../../.local/demo-run/', import.meta.url);
const USUAL = 'mqtt://127.0.0.1:1883';

const Stack = z.object({ mqttPort: z.number().int() });

/** The broker of this checkout's running demo, else that of a sidecar with its usual port on this machine. */
export function brokerNearby(): string {
  // The one file is there only while the demo runs, the other keeps its ports from start to start.
  if (!existsSync(new URL('started.json', DEMO))) return USUAL;
  try {
    const text = readFileSync(fileURLToPath(new URL('stack.json', DEMO)), 'utf8');
    return `mqtt://127.0.0.1:${Stack.parse(JSON.parse(text)).mqttPort}`;
  } catch {
    return USUAL;
  }
}
