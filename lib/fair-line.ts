/**
 * The waiting line of a fair queue. No member and no group waits for more than its bound. When the line, or the part of
 * one group, is full, the newest waiter of the group or member that waits for most makes way for a newcomer who waits for less.
 */

export interface Share {
  group: string;
  member: string;
}

export interface LineLimits {
  /** How many of one member may wait for a turn. */
  waitingPerMember: number;
  /** How many of one group. */
  waitingPerGroup: number;
  /** How many may wait in all. */
  waiting: number;
}

/**
 * The waiter that is to be refused so that one more of `share` can wait, or nothing where there is room. `own` when the
 * member itself waits for as much as it may, `full` when everybody else waits for as little.
 */
export function giveWay<W extends { share: Share }>(
  line: readonly W[],
  share: Share,
  limits: LineLimits,
): W | 'own' | 'full' | undefined {
  const ofGroup = line.filter(({ share: { group } }) => group === share.group);
  const ofMember = ofGroup.filter(({ share: { member } }) => member === share.member);
  if (ofMember.length >= limits.waitingPerMember) return 'own';
  if (ofGroup.length >= limits.waitingPerGroup) {
    return newestOfMost(ofGroup, byMember, ofMember.length) ?? 'full';
  }
  if (line.length < limits.waiting) return undefined;
  const crowd = newestOfMost(line, byGroup, ofGroup.length);
  if (crowd) return newestOfMost(inGroupOf(line, crowd), byMember, -1) ?? 'full';
  return newestOfMost(ofGroup, byMember, ofMember.length) ?? 'full';
}

const byGroup = ({ group }: Share): string => group;
const byMember = ({ member }: Share): string => member;

function inGroupOf<W extends { share: Share }>(line: readonly W[], { share }: W): W[] {
  return line.filter(({ share: { group } }) => group === share.group);
}

/** The newest waiter of those that wait for most, where they would still wait for no less than the newcomer does then. */
function newestOfMost<W extends { share: Share }>(
  line: readonly W[],
  keyOf: (share: Share) => string,
  newcomerWaits: number,
): W | undefined {
  const counts = new Map<string, number>();
  for (const { share } of line) counts.set(keyOf(share), (counts.get(keyOf(share)) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  if (most <= newcomerWaits + 1) return undefined;
  return line.findLast(({ share }) => counts.get(keyOf(share)) === most);
}
