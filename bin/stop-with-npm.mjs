/** A SIGTERM to npm ends npm alone: its child is then another's, and takes that as told to itself. */

const LOOK_EVERY_MS = 500;

/**
 * Calls `stop` once when the npm that runs the script of this name has ended; does nothing in a process that no npm started.
 * @returns a function that ends the look-out.
 */
export function onEndOfNpm(script, stop) {
  if (process.env.npm_lifecycle_event !== script) return () => undefined;
  const parent = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    stop();
  }, LOOK_EVERY_MS);
  return () => clearInterval(look);
}
