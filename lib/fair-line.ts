/**
 * Waiting line of a fair queue, bounded in all, per group and per member. When the line or a group's part is full, the
 * newest waiter of the group or member with the most waiters is refused in favour of a newcomer with fewer.
 */

export interface Share {
  group: string;
  member: string;
}

export interface LineLimits {
  /** Waiters of one member. */
  waitingPerMember: number;
  /** Waiters of one group. */
  waitingPerGroup: number;
  /** Waiters in all. */
  waiting: number;
}

/**
 * The waiter to refuse so that one more of `share` can wait; undefined when there is room. `own` when the member itself
 * has as many waiters as it may, `full` when all others have as few.
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

/** The newest waiter of the group or member with the most, if that would still have no fewer than the newcomer's. */
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
