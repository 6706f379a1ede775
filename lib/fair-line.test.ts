import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { giveWay, type LineLimits, type Share } from './fair-line.ts';

const LIMITS: LineLimits = { waitingPerMember: 3, waitingPerGroup: 5, waiting: 8 };

/** A line of waiters as `a.x`: group and member, in order of arrival. */
const lineOf = (text: string) =>
  text.split(' ').map((name, at) => ({ name: `${name}#${at}`, share: shareOf(name) }));

function shareOf(name: string): Share {
  const [group = '', member = ''] = name.split('.');
  return { group, member };
}

function answer(line: string, newcomer: string): string {
  const room = giveWay(lineOf(line), shareOf(newcomer), LIMITS);
  if (room === undefined) return 'room';
  return typeof room === 'string' ? room : room.name;
}

describe('a waiting line', () => {
  test.each([
    ['has room below its bounds', 'a.x a.x b.x', 'a.x', 'room'],
    ['bounds a member', 'a.x a.x a.x', 'a.x', 'own'],
    ['bounds a group', 'a.x a.y a.z a.v a.w', 'a.u', 'full'],
    [
      'of one group lets a member that waits for much give way',
      'a.x a.x a.x a.y a.z',
      'a.u',
      'a.x#2',
    ],
    [
      'that is full lets the largest group give way',
      'a.x a.y a.z a.v a.w b.x b.y b.z',
      'c.x',
      'a.w#4',
    ],
    ['lets its largest member do so', 'a.x a.x a.y a.z b.x b.y b.z c.x', 'd.x', 'a.x#1'],
    [
      'gives no turn to a member with as many waiting',
      'a.x a.y b.x b.y c.x c.y d.x d.y',
      'a.z',
      'full',
    ],
    [
      'gives no place of another who waits for one',
      'a.x b.x c.x d.x e.x f.x g.x h.x',
      'i.x',
      'full',
    ],
    [
      'lets the newcomer of the largest group take a place of its own',
      'a.x a.x a.x a.y b.x b.y c.x c.y',
      'a.z',
      'a.x#2',
    ],
  ])('%s', (_, line, newcomer, expected) => {
    expect(answer(line, newcomer)).toBe(expected);
  });

  test('never refuses a group for lack of room while another has two more waiters', () => {
    const arrivals = fc.array(fc.tuple(fc.nat(4), fc.nat(5)), { maxLength: 80 });
    fc.assert(
      fc.property(arrivals, (requests) => {
        const line: { share: Share }[] = [];
        for (const [group, member] of requests)
          arrive(line, { group: `${group}`, member: `${member}` });
      }),
    );
  });
});

function arrive(line: { share: Share }[], share: Share): void {
  const of = (name: string) => line.filter((waiter) => waiter.share.group === name).length;
  const most = Math.max(...line.map((waiter) => of(waiter.share.group)));
  const own = of(share.group);
  const room = giveWay(line, share, LIMITS);
  if (room === 'own') return;
  if (room === 'full') {
    expect(own >= LIMITS.waitingPerGroup || most <= own + 1).toBe(true);
    return;
  }
  if (room) line.splice(line.indexOf(room), 1);
  line.push({ share });
  expect(line.length).toBeLessThanOrEqual(LIMITS.waiting);
  expect(of(share.group)).toBeLessThanOrEqual(LIMITS.waitingPerGroup);
}
