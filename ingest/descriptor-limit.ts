import { readFileSync } from 'node:fs';

/** Soft limit of open files from the text of /proc/self/limits; undefined when it is missing or unlimited. */
export function descriptorLimitOf(limits: string): number | undefined {
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? undefined : Number(soft);
}

/** Number of files and sockets that this process may open; undefined when the system does not say (Linux does). */
export function readDescriptorLimit(): number | undefined {
  try {
    return descriptorLimitOf(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    return undefined;
  }
}

/** Files, database connections and the health port, besides the terminals' sockets. */
const OTHERS = 100;

/** Warning at the start when the limit is too low for the listener's maximum of sockets; otherwise undefined. */
export function descriptorWarning(limit: number | undefined, sockets: number): string | undefined {
  if (limit === undefined || limit >= sockets + OTHERS) return undefined;
  return `this process may open ${limit} files and needs ${sockets + OTHERS}: raise its limit (ulimit -n, LimitNOFILE=) or lower KENSHIN_MQTT_MAX_CONNECTIONS`;
}
