/** Link of a terminal: `wan` by its own cellular radio, `fan` through a neighbouring terminal. */
export const LINKS = ['wan', 'fan'] as const;
export type Link = (typeof LINKS)[number];

/** The link of a code of `terminal_state.link`: 0 WAN, 1 FAN. @throws RangeError for any other. */
export function linkOf(code: number): Link {
  const link = LINKS[code];
  if (link === undefined) throw new RangeError(`not a link: ${code}`);
  return link;
}
