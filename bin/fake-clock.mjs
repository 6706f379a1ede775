/** Environment of a process whose wall clock begins at another instant and runs from there. */

/**
 * @param library path of libfaketime's shared library.
 * @param instant ISO 8601 with a zone; the clock of a process started now shows it.
 */
export function shiftedEnvironment(library, instant, environment = process.env) {
  const shiftS = Math.round((Date.parse(instant) - Date.now()) / 1000);
  return {
    ...environment,
    LD_PRELOAD: library,
    FAKETIME: `${shiftS < 0 ? '' : '+'}${shiftS}`,
    TZ: 'Asia/Tokyo',
    // Both names, because versions of the library differ in which one they know.
    DONT_FAKE_MONOTONIC: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}
