/**
 * Names of routes for the metrics: the registered patterns, never the path as a client wrote it, so that there are no
 * more names than routes.
 */

/**
 * Patterns as Next writes them (`/meters/[meterId]`, `/api/auth/[...rest]`) and as the API does (`/meters/:meterId`).
 */
export class RouteNames {
  readonly #patterns = new Map<string, RegExp>();

  know(patterns: Iterable<string>): void {
    for (const pattern of patterns) this.#patterns.set(nameOf(pattern), expressionOf(pattern));
  }

  /** Name of the route of a path; a literal pattern precedes one with parameters. */
  nameOf(path: string): string | undefined {
    const decoded = decode(path);
    if (decoded === undefined) return undefined;
    if (this.#patterns.has(decoded) && !decoded.includes('{')) return decoded;
    const fitting = [...this.#patterns].filter(([, expression]) => expression.test(decoded));
    return fitting.map(([name]) => name).sort(byOpenness)[0];
  }
}

/** Name of a pattern: a parameter is `{name}`, a rest parameter `{name...}`. */
function nameOf(pattern: string): string {
  return pattern
    .replace(/\[{1,2}\.{3}(\w+)\]{1,2}/g, '{$1...}')
    .replace(/\[(\w+)\]/g, '{$1}')
    .replace(/:(\w+)/g, '{$1}');
}

function expressionOf(pattern: string): RegExp {
  const source = nameOf(pattern)
    .split('/')
    .map((part) => {
      if (/^\{\w+\.{3}\}$/.test(part)) return '.*';
      return /^\{\w+\}$/.test(part) ? '[^/]+' : part.replace(/[^\w]/g, '\\$&');
    })
    .join('/');
  return new RegExp(`^${source}$`, 's');
}

/** Patterns with more literal parts first, then by name. */
function byOpenness(one: string, other: string): number {
  return openness(one) - openness(other) || (one < other ? -1 : 1);
}

const openness = (name: string): number =>
  (name.includes('...') ? 100 : 0) + name.split('{').length - 1;

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
