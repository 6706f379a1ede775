import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UplinkFrame } from '../session/terminal-session.ts';
import { WaitingFrames } from './waiting-frames.ts';

/** The queue uses only a frame's session and time of receipt. */
function terminal(utilityId: number, name: string) {
  const session = { utilityId };
  return (receivedAtMs: number) =>
    ({ session, receivedAtMs, name: `${name}${receivedAtMs}` }) as unknown as UplinkFrame;
}

function nameOf(frame: UplinkFrame): string {
  return (frame as unknown as { name: string }).name;
}

/** Takes up to `most` frames; those with names in `refused` are not taken. */
function take(waiting: WaitingFrames, most: number, refused: readonly string[] = []): string[] {
  const taken: string[] = [];
  waiting.offer(
    () => taken.length < most,
    (frame) => {
      if (refused.includes(nameOf(frame))) return false;
      taken.push(nameOf(frame));
      return true;
    },
  );
  return taken;
}

describe('waiting frames', () => {
  it('are taken by utility frame by frame, by terminal four frames at a time, a terminal’s in their order', () => {
    const waiting = new WaitingFrames(4);
    const [a, b, c] = [terminal(1, 'a'), terminal(1, 'b'), terminal(2, 'c')];
    for (const at of [1, 2, 3, 4, 5, 6]) waiting.push(a(at));
    for (const at of [1, 2]) waiting.push(b(at));
    for (const at of [1, 2]) waiting.push(c(at));
    expect(waiting).toMatchObject({ size: 10, oldestAtMs: 1 });
    const order = ['a1', 'c1', 'a2', 'c2', 'a3', 'a4', 'b1', 'b2', 'a5', 'a6'];
    expect(take(waiting, 100)).toEqual(order);
    expect(waiting).toMatchObject({ size: 0, oldestAtMs: undefined });
  });

  it('of a terminal whose turn a batch cut short continue with the rest of it', () => {
    const waiting = new WaitingFrames(4);
    const [a, b] = [terminal(1, 'a'), terminal(1, 'b')];
    for (const at of [1, 2, 3, 4, 5]) waiting.push(a(at));
    for (const at of [1, 2]) waiting.push(b(at));
    expect([take(waiting, 3), take(waiting, 3), take(waiting, 3)]).toEqual([
      ['a1', 'a2', 'a3'],
      ['a4', 'b1', 'b2'],
      ['a5'],
    ]);
  });

  it('are taken one of each terminal when a turn has one frame', () => {
    const waiting = new WaitingFrames(1);
    const [a, b] = [terminal(1, 'a'), terminal(1, 'b')];
    for (const at of [1, 2]) waiting.push(a(at));
    for (const at of [1, 2]) waiting.push(b(at));
    expect(take(waiting, 9)).toEqual(['a1', 'b1', 'a2', 'b2']);
  });

  it("continue with the next one's turn in the next batch", () => {
    const waiting = new WaitingFrames(4);
    const [a, b] = [terminal(1, 'a'), terminal(2, 'b')];
    for (const at of [1, 2]) waiting.push(a(at));
    for (const at of [1, 2]) waiting.push(b(at));
    expect([take(waiting, 1), take(waiting, 1), take(waiting, 2)]).toEqual([
      ['a1'],
      ['b1'],
      ['a2', 'b2'],
    ]);
  });

  it('that are not taken keep their position, before all others of their terminal', () => {
    const waiting = new WaitingFrames(4);
    const [a, b] = [terminal(1, 'a'), terminal(1, 'b')];
    for (const at of [1, 2]) waiting.push(a(at));
    waiting.push(b(1));
    expect(take(waiting, 9, ['a1'])).toEqual(['b1']);
    expect(waiting.holds(a(3).session)).toBe(true);
    expect(take(waiting, 9)).toEqual(['a1', 'a2']);
    expect(waiting.holds(a(3).session)).toBe(false);
  });

  it('are complete, unique and in order, however they are taken', () => {
    const step = fc.oneof(
      fc.record({ utility: fc.integer({ min: 1, max: 3 }), of: fc.integer({ min: 0, max: 2 }) }),
      fc.record({ most: fc.integer({ min: 0, max: 5 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const waiting = new WaitingFrames(4);
        const terminals = new Map<string, ReturnType<typeof terminal>>();
        const pushed: string[] = [];
        const taken: string[] = [];
        for (const [at, one] of steps.entries()) {
          if ('most' in one) {
            taken.push(...take(waiting, one.most));
            continue;
          }
          const name = `${one.utility}-${one.of}-`;
          const make = terminals.get(name) ?? terminal(one.utility, name);
          terminals.set(name, make);
          waiting.push(make(at));
          pushed.push(`${name}${at}`);
        }
        expect(waiting.size).toBe(pushed.length - taken.length);
        taken.push(...take(waiting, 1000));
        for (const name of terminals.keys()) {
          const own = (names: string[]) => names.filter((each) => each.startsWith(name));
          expect(own(taken)).toEqual(own(pushed));
        }
      }),
    );
  });
});
