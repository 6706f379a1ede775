import { readFileSync } from 'node:fs';

/** The soft limit of open files from the text of /proc/self/limits; undefined where there is none, or it is without limit. */
export function descriptorLimitOf(limits: string): number | undefined {
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? undefined : Number(soft);
}

/** How many files and sockets this process may open; undefined where the system does not say (Linux does). */
export function readDescriptorLimit(): number | undefined {
  try {
    return descriptorLimitOf(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    return undefined;
  }
}

/** Files, database connections and the health port beside the sockets of terminals. */
const OTHERS = 100;

/** What to say at the start where the limit is too low for the sockets that the listener may take; else undefined. */
export function descriptorWarning(limit: number | undefined, sockets: number): string | undefined {
  if (limit === undefined || limit >= sockets + OTHERS) return undefined;
  return `this process may open ${limit} files and needs ${sockets + OTHERS}: raise its limit (ulimit -n, LimitNOFILE=) or lower KENSHIN_MQTT_MAX_CONNECTIONS`;
}
