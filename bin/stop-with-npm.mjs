/**
 * Ends a process with its npm: a SIGTERM to npm ends npm only, and its child gets another parent. The child takes that
 * as its own SIGTERM.
 */

const LOOK_EVERY_MS = 500;

/**
 * Calls `stop` once when the npm that runs the script of this name has ended; does nothing in a process that npm did
 * not start.
 * @returns a function that stops watching.
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
