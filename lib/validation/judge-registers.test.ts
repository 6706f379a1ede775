import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isErrorCode } from './error-codes.ts';
import { type JudgedMeter, judgeRegisters, type Register } from './judge-registers.ts';
import { registerStep } from './register-step.ts';

const METER: JudgedMeter = { sizeM3PerHour: 6, dialL: 100_000_000, gasKind: 'city' };

/** A register each hour: 20 L an hour from 1,000,000 L, with some hours replaced. */
function series(hours: number, spoiled: Record<number, number>): Register[] {
  return Array.from({ length: hours }, (_, hour) => ({
    hour,
    indexL: spoiled[hour] ?? 1_000_000 + 20 * hour,
  }));
}
const doubted = (registers: readonly Register[], meter = METER) =>
  judgeRegisters(meter, registers).registers.map(({ hour, rule }) => `${hour} ${rule}`);

describe('an anchor, which a person entered or confirmed', () => {
  const anchored = (registers: Register[], hour: number, indexL?: number) =>
    registers.map((register) =>
      register.hour === hour
        ? { hour, indexL: indexL ?? register.indexL, isAnchor: true }
        : register,
    );

  it.each([0, 1, 100, 298, 299])('is never in doubt (hour %i)', (hour) => {
    for (const indexL of [16_777_215, 99_999_999, 0, 990_000, 20_000_000]) {
      const verdicts = judgeRegisters(METER, anchored(series(300, {}), hour, indexL));
      expect(verdicts.registers.map((each) => each.hour)).not.toContain(hour);
      expect(verdicts.steps.length + verdicts.registers.length).toBeGreaterThan(0);
    }
  });

  it('that agrees with its neighbours changes no verdict', () => {
    const spoiled = series(300, { 99: 0, 101: 16_777_215 });
    expect(judgeRegisters(METER, anchored(spoiled, 100))).toEqual(judgeRegisters(METER, spoiled));
  });

  it('puts the registers in doubt that contradict it, where they are fewer than a day', () => {
    const registers = series(120, {}).map(({ hour, indexL }) => ({
      hour,
      indexL: hour < 100 ? indexL : indexL + 500_000,
    }));
    const truth = 1_000_000 + 20 * 119;
    const { registers: doubtful, steps } = judgeRegisters(METER, anchored(registers, 119, truth));
    expect(doubtful.map(({ hour }) => hour)).toEqual(
      Array.from({ length: 19 }, (_, at) => 100 + at),
    );
    expect(steps).toEqual([]);
  });

  it('far from a register in doubt is still the end of every explanation', () => {
    const registers = anchored(series(2000, { 1999: 0 }), 50, 1_001_000);
    expect(judgeRegisters(METER, registers).registers).toEqual([
      { hour: 1999, indexL: 0, rule: 'fell' },
    ]);
  });

  it('contradicted by two others leaves steps that cannot be explained', () => {
    const registers = [
      { hour: 0, indexL: 2_000, isAnchor: true },
      { hour: 24, indexL: 1_000, isAnchor: true },
      { hour: 48, indexL: 9_000_000, isAnchor: true },
    ];
    expect(judgeRegisters(METER, registers)).toEqual({
      registers: [],
      steps: [
        { hour: 24, rule: 'fallen' },
        { hour: 48, rule: 'implausible' },
      ],
    });
  });
});

describe('registers of a meter', () => {
  it('that count on are sound', () => {
    expect(doubted(series(2000, {}))).toEqual([]);
  });

  it.each([
    ['all bits set', 16_777_215, 'error-code'],
    ['all digits nine', 99_999_999, 'error-code'],
    ['zero', 0, 'fell'],
    ['less than before', 990_000, 'fell'],
    ['without the last digit', 100_200, 'lost-digit'],
    ['without the first digit', 2_000, 'lost-digit'],
    ['far above', 20_000_000, 'jumped'],
    ['more than an hour lets through', 1_013_500, 'jumped'],
  ])('of which one is %s have that one in doubt', (_, indexL, rule) => {
    expect(doubted(series(300, { 100: indexL }))).toEqual([`100 ${rule}`]);
    for (const hour of [0, 1, 298, 299]) {
      const verdicts = judgeRegisters(METER, series(300, { [hour]: indexL }));
      expect(verdicts).toMatchObject({ registers: [{ hour }], steps: [] });
    }
  });

  it.each([
    ['at the closings alone', [0, 720, 1464], [1_015_360, 0, 1_044_640], ['720 fell']],
    ['two apart', [0, 744], [1_014_400, 16_777_215], ['744 error-code']],
    ['two apart, without a code', [0, 744], [1_014_400, 20_000_000], ['744 jumped']],
    ['one alone', [0], [16_777_215], ['0 error-code']],
    ['one alone that may be one', [0], [1_000], []],
  ])('%s', (_, hours, indexes, expected) => {
    const registers = hours.map((hour, at) => ({ hour, indexL: indexes[at] ?? 0 }));
    expect(doubted(registers)).toEqual(expected);
  });

  it('that are a code for weeks are all in doubt', () => {
    const spoiled = Object.fromEntries(
      Array.from({ length: 700 }, (_, at) => [100 + at, 16_777_215]),
    );
    expect(doubted(series(900, spoiled))).toHaveLength(700);
    expect(doubted(series(800, spoiled))).toHaveLength(700);
  });

  it('that begin again below and stay are sound after a day', () => {
    const registers = (hours: number) =>
      Array.from({ length: 100 + hours }, (_, hour) => ({
        hour,
        indexL: hour < 100 ? 1_000_000 + 20 * hour : 20 * (hour - 100),
      }));
    expect(doubted(registers(5))).toHaveLength(5);
    expect(judgeRegisters(METER, registers(30))).toEqual({
      registers: [],
      steps: [{ hour: 100, rule: 'fallen' }],
    });
    expect(doubted(registers(2000))).toEqual([]);
  });

  it('that fall and come back are in doubt however long they stayed', () => {
    const registers = Array.from({ length: 1200 }, (_, hour) => ({
      hour,
      indexL: hour < 100 || hour >= 900 ? 1_000_000 + 20 * hour : 20 * (hour - 100),
    }));
    const verdicts = judgeRegisters(METER, registers);
    expect(verdicts.registers).toHaveLength(800);
    expect(verdicts.steps).toEqual([]);
  });

  it('that began again are not in doubt for one that happens to be at the old height', () => {
    const registers = Array.from({ length: 1200 }, (_, hour) => ({
      hour,
      indexL: hour < 500 ? 1_000_000 + 20 * hour : 20 * (hour - 500),
    }));
    registers[1199] = { hour: 1199, indexL: 1_024_000 };
    expect(doubted(registers)).toEqual(['1199 jumped']);
  });

  it('that pass the end of the dial are sound', () => {
    const meter = { ...METER, dialL: 10_000_000 };
    const registers = Array.from({ length: 300 }, (_, hour) => ({
      hour,
      indexL: (9_999_000 + 20 * hour) % 10_000_000,
    }));
    expect(doubted(registers, meter)).toEqual([]);
  });

  it('that pass an error code by counting are sound', () => {
    const registers = [16_777_195, 16_777_205, 16_777_215, 16_777_215, 16_777_230].map(
      (indexL, hour) => ({ hour, indexL }),
    );
    expect(doubted(registers)).toEqual([]);
  });

  it('of a new meter at zero, unused for months, are sound', () => {
    expect(doubted(Array.from({ length: 3000 }, (_, hour) => ({ hour, indexL: 0 })))).toEqual([]);
  });

  it('of a nearly new meter with a spike are not taken for a rollover', () => {
    const registers = [100, 120, 99_999_999, 160, 180].map((indexL, hour) => ({ hour, indexL }));
    expect(doubted(registers)).toEqual(['2 error-code']);
  });

  it('of a nearly new meter with a zero are counted from the one before it', () => {
    const registers = [5_000, 0, 5_040, 5_060].map((indexL, hour) => ({ hour, indexL }));
    expect(doubted(registers)).toEqual(['1 fell']);
  });

  it('are judged in bounded time also when each is garbage', () => {
    const registers = Array.from({ length: 9_600 }, (_, hour) => ({
      hour,
      indexL: (hour * 7_919_003) % 99_999_990,
    }));
    expect(judgeRegisters(METER, registers).registers.length).toBeGreaterThan(1_000);
  });
});

/** Hours with gaps and usage that passes the meter; sometimes over the end of the dial. */
const sound = fc
  .record({
    startL: fc.integer({ min: 0, max: 9_999_999 }).filter((indexL) => !isErrorCode(indexL, 'lp')),
    steps: fc.array(
      fc.record({
        hours: fc.integer({ min: 1, max: 60 }),
        share: fc.double({ min: 0, max: 0.2, noNaN: true }),
      }),
      { minLength: 60, maxLength: 200 },
    ),
  })
  .map(({ startL, steps }) => {
    const dialL = 10_000_000;
    let hour = 0;
    let indexL = startL;
    return [
      { hour, indexL },
      ...steps.map(({ hours, share }) => {
        hour += hours;
        indexL = (indexL + Math.floor(share * 6_000 * hours)) % dialL;
        return { hour, indexL };
      }),
    ];
  });
const SMALL: JudgedMeter = { sizeM3PerHour: 6, dialL: 10_000_000, gasKind: 'lp' };

describe('random registers', () => {
  it('are not in doubt when none is spoiled', () => {
    fc.assert(
      fc.property(sound, (registers) => {
        expect(judgeRegisters(SMALL, registers)).toEqual({ registers: [], steps: [] });
      }),
    );
  });

  it('of which one cannot be reached from either neighbour are sound but for that one', () => {
    fc.assert(
      fc.property(sound, fc.nat(), fc.nat(9_999_999), (registers, at, indexL) => {
        const spoiledAt = 2 + (at % (registers.length - 4));
        const spoiled = registers.with(spoiledAt, {
          hour: registers[spoiledAt]?.hour ?? 0,
          indexL,
        });
        const step = (from: number, to: number) => {
          const [a, b] = [spoiled[from], spoiled[to]];
          if (!a || !b) throw new RangeError('no such register');
          return registerStep(SMALL, a.indexL, b.indexL, b.hour - a.hour).state;
        };
        fc.pre(
          !spoiled.some(
            (register, other) => other !== spoiledAt && isErrorCode(register.indexL, 'lp'),
          ),
        );
        // One that several of its neighbours reach may be a reading.
        const near = [-2, -1, 1, 2].map((distance) => spoiledAt + distance);
        fc.pre(
          near.every((other) =>
            other < spoiledAt
              ? step(other, spoiledAt) !== 'known'
              : step(spoiledAt, other) !== 'known',
          ),
        );
        expect(judgeRegisters(SMALL, spoiled).registers.map(({ hour }) => hour)).toEqual([
          spoiled[spoiledAt]?.hour,
        ]);
      }),
    );
  });
});
