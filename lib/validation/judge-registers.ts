/**
 * Validation of the registers of one meter: which of them cannot be readings. Pure. A register is in doubt when the
 * registers around it agree with one another and not with it, so that the sums over it stay those of the sound ones. A
 * register that stays changed for more than a day is believed: then the step to it is what cannot be explained.
 */
import { certain } from '../certain.ts';
import type { GasKind } from '../gas-kind.ts';
import { isErrorCode } from './error-codes.ts';
import { type MeterCapacity, possibleL, registerStep } from './register-step.ts';

export interface JudgedMeter extends MeterCapacity {
  gasKind: GasKind;
}

/** A register at an hour number (`lib/usage/usage-line.ts`); litres. */
export interface Register {
  hour: number;
  indexL: number;
  /** True for one that a person entered or confirmed (`lib/editing`): it is never in doubt. */
  isAnchor?: boolean;
}

/**
 * Why a register is in doubt.
 * - `error-code`: a value that meters send in place of a reading.
 * - `lost-digit`: the register expected there, without one digit.
 * - `fell`: below the registers before it, which the later ones continue.
 * - `jumped`: more than could have passed since the registers before it.
 * - `not-fitted`: of an hour in which no terminal was fitted at the supply point.
 */
export const REGISTER_RULES = ['error-code', 'lost-digit', 'fell', 'jumped', 'not-fitted'] as const;
export type RegisterRule = (typeof REGISTER_RULES)[number];

export interface RegisterVerdict {
  hour: number;
  indexL: number;
  rule: RegisterRule;
}

/** Why the usage up to a sound register from the sound one before it is unknown (`registerStep`). */
export const STEP_RULES = ['fallen', 'implausible'] as const;
export type StepRule = (typeof STEP_RULES)[number];

/** A step that cannot be explained, at the hour of its later register. */
export interface StepVerdict {
  hour: number;
  rule: StepRule;
}

/** Both in order of time. */
export interface Verdicts {
  registers: RegisterVerdict[];
  steps: StepVerdict[];
}

/** Registers in a row, a day of them, after which a step that cannot be explained is believed. */
const BREAK_COST = 24;
/** Registers between two others that continue each other cost no more than this, and next to nothing for each beyond. */
const EXCURSION_COST = 1.5 * BREAK_COST;
const LONG_EXCURSION_COST = 0.001;
/** A code says nothing, so that doubting it costs less than any register, and nothing begins with it. */
const CODE_COST = 0.001;
const CODE_FIRST_COST = 0.5;
/** Of two explanations with as many registers in doubt: that without a rollover, and that with the less flow. */
const ROLLOVER_COST = 0.25;
const FLOW_COST = 0.0004;
/** Registers directly before one that are tried as the one it continues. */
const DIRECT = 4;
/** An anchor a little below the registers before it puts them in doubt: as many as a step that stays would cost. */
const DIRECT_OF_ANCHOR = BREAK_COST;
/** Registers at the end of each earlier piece that are tried, and the number of pieces. */
const OF_PIECE = 3;
const PIECES = 64;

/**
 * Verdicts on the registers of one fitting, which are in order of time, one for an hour. The cheapest explanation is
 * chosen: each register in doubt costs one, each step that cannot be explained 24.
 */
export function judgeRegisters(meter: JudgedMeter, registers: readonly Register[]): Verdicts {
  const ends = pieceEnds(meter, registers);
  if (ends.length === 0 && !registers.some((register) => isCode(meter, register))) {
    return { registers: [], steps: [] };
  }
  const sound = soundRegisters(meter, registers, ends);
  return {
    registers: doubtfulRegisters(meter, registers, sound),
    steps: unexplainedSteps(
      meter,
      sound.map((position) => certain(registers[position], 'a register')),
    ),
  };
}

function unexplainedSteps(meter: JudgedMeter, sound: readonly Register[]): StepVerdict[] {
  return sound.flatMap((register, at) => {
    const before = sound[at - 1];
    if (!before) return [];
    const step = registerStep(meter, before.indexL, register.indexL, register.hour - before.hour);
    return step.state === 'known' ? [] : [{ hour: register.hour, rule: step.state }];
  });
}

function doubtfulRegisters(
  meter: JudgedMeter,
  registers: readonly Register[],
  sound: readonly number[],
): RegisterVerdict[] {
  const verdicts: RegisterVerdict[] = [];
  let at = 0;
  registers.forEach((register, position) => {
    if (sound[at] === position) {
      at += 1;
      return;
    }
    const before = at > 0 ? registers[certain(sound[at - 1], 'a sound register')] : undefined;
    const after = sound[at] === undefined ? undefined : registers[certain(sound[at], 'the next')];
    const { hour, indexL } = register;
    verdicts.push({ hour, indexL, rule: ruleOf(meter, register, { before, after }) });
  });
  return verdicts;
}

/** Positions after which a piece ends: the next register does not plainly continue this one. */
function pieceEnds(meter: JudgedMeter, registers: readonly Register[]): number[] {
  const ends: number[] = [];
  for (let at = 0; at + 1 < registers.length; at += 1) {
    const from = certain(registers[at], 'a register');
    const to = certain(registers[at + 1], 'a register');
    const step = registerStep(meter, from.indexL, to.indexL, to.hour - from.hour);
    const isPlain = step.state === 'known' && !step.rolledOver;
    if (!isPlain || isCode(meter, from)) ends.push(at);
  }
  return ends;
}

/** True for a value that meters send in place of a reading, unless a person says that it is one. */
function isCode({ gasKind }: JudgedMeter, { indexL, isAnchor }: Register): boolean {
  return !isAnchor && isErrorCode(indexL, gasKind);
}

interface Explanation {
  /** Cost of the cheapest explanation in which this register is sound and the last one. */
  cost: number;
  /** Position of the sound register before; −1 for the first. */
  before: number;
}

/** Positions of the sound registers of the cheapest explanation. */
function soundRegisters(
  meter: JudgedMeter,
  registers: readonly Register[],
  ends: readonly number[],
): number[] {
  const isCodeAt = registers.map((register) => isCode(meter, register));
  // doubt[k]: cost of doubting the registers before position k.
  const doubt = [0];
  for (const code of isCodeAt) doubt.push(certain(doubt.at(-1), 'a sum') + (code ? CODE_COST : 1));
  const between = (from: number, to: number) =>
    certain(doubt[to], 'a sum') - certain(doubt[from + 1], 'a sum');
  const known: Explanation[] = [];
  const tried = new EarlierEnds(ends);
  let cheapestBreak = { relative: Number.POSITIVE_INFINITY, at: -1 };
  // The last anchor so far: no explanation leaves it out.
  let anchor = -1;
  registers.forEach((register, at) => {
    const first = isCodeAt[at] ? CODE_FIRST_COST : 0;
    const begun = anchor < 0 ? certain(doubt[at], 'a sum') + first : Number.POSITIVE_INFINITY;
    const broken = cheapestBreak.relative + certain(doubt[at], 'a sum') + BREAK_COST + first;
    const direct = register.isAnchor ? DIRECT_OF_ANCHOR : DIRECT;
    const continued = tried.candidates(at, { anchor, direct }).map((before): Explanation => {
      const step = stepCost(meter, certain(registers[before], 'a register'), register);
      const skipped = excursionCost(between(before, at));
      return { cost: certain(known[before], 'an explanation').cost + skipped + step, before };
    });
    const best = cheapest([
      { cost: begun, before: -1 },
      { cost: broken, before: cheapestBreak.at },
      ...continued,
    ]);
    known.push(best);
    if (register.isAnchor) anchor = at;
    const relative = best.cost - certain(doubt[at + 1], 'a sum');
    if (relative < cheapestBreak.relative || anchor === at) cheapestBreak = { relative, at };
  });
  return chainOf(known, doubt, anchor);
}

/** The first of the cheapest ones. */
function cheapest(explanations: readonly [Explanation, ...Explanation[]]): Explanation {
  return explanations.reduce((best, each) => (each.cost < best.cost ? each : best));
}

function excursionCost(doubted: number): number {
  const beyond = Math.max(0, doubted - EXCURSION_COST);
  return Math.min(EXCURSION_COST, doubted) + LONG_EXCURSION_COST * beyond;
}

function stepCost(meter: JudgedMeter, from: Register, to: Register): number {
  const hours = to.hour - from.hour;
  const step = registerStep(meter, from.indexL, to.indexL, hours);
  if (step.state !== 'known') return Number.POSITIVE_INFINITY;
  const flow = FLOW_COST * (step.usageL / possibleL(meter, hours));
  return step.rolledOver ? flow + ROLLOVER_COST : flow;
}

/** The registers before one that may be the one it continues: the direct ones, and the ends of earlier pieces. */
class EarlierEnds {
  readonly #ends: readonly number[];
  #passed = 0;

  constructor(ends: readonly number[]) {
    this.#ends = ends;
  }

  /**
   * Positions from the last anchor on, itself included, in descending order, without repetition; to be asked with
   * ascending positions.
   */
  candidates(position: number, { anchor, direct }: { anchor: number; direct: number }): number[] {
    while ((this.#ends[this.#passed] ?? position) < position) this.#passed += 1;
    const found: number[] = [];
    let least = position;
    const add = (at: number) => {
      if (at < Math.max(0, anchor) || at >= least) return;
      found.push(at);
      least = at;
    };
    for (let back = 1; back <= direct; back += 1) add(position - back);
    const oldest = Math.max(0, this.#passed - PIECES);
    for (let piece = this.#passed - 1; piece >= oldest; piece -= 1) {
      const end = certain(this.#ends[piece], 'the end of a piece');
      for (let back = 0; back < OF_PIECE; back += 1) add(end - back);
    }
    add(anchor);
    return found;
  }
}

/** The chain of the cheapest explanation that ends at the last anchor or after it. */
function chainOf(
  known: readonly Explanation[],
  doubt: readonly number[],
  anchor: number,
): number[] {
  let last = -1;
  let least = anchor < 0 ? certain(doubt.at(-1), 'the whole sum') : Number.POSITIVE_INFINITY;
  known.forEach(({ cost }, at) => {
    if (at < anchor) return;
    const whole = cost + certain(doubt.at(-1), 'the whole sum') - certain(doubt[at + 1], 'a sum');
    if (whole < least) {
      least = whole;
      last = at;
    }
  });
  const chain: number[] = [];
  for (let at = last; at >= 0; at = certain(known[at], 'an explanation').before) chain.push(at);
  return chain.reverse();
}

interface Around {
  before: Register | undefined;
  after: Register | undefined;
}

function ruleOf(meter: JudgedMeter, register: Register, around: Around): RegisterRule {
  const { hour, indexL } = register;
  if (isErrorCode(indexL, meter.gasKind)) return 'error-code';
  const { before, after } = around;
  const known = before ?? after ?? register;
  const lower = before?.indexL ?? known.indexL - possibleL(meter, known.hour - hour);
  const upper = after?.indexL ?? known.indexL + possibleL(meter, hour - known.hour);
  if (hasLostDigit(indexL, lower, upper)) return 'lost-digit';
  return indexL < lower ? 'fell' : 'jumped';
}

/** True for a register of [lowerL, upperL] without its last or its first digit. */
function hasLostDigit(indexL: number, lowerL: number, upperL: number): boolean {
  if (indexL === 0 || lowerL < 10 || upperL < lowerL) return false;
  const withoutLast = indexL >= Math.floor(lowerL / 10) && indexL <= Math.floor(upperL / 10);
  const first = 10 ** Math.floor(Math.log10(lowerL));
  const withoutFirst = indexL >= lowerL % first && indexL <= (lowerL % first) + upperL - lowerL;
  return withoutLast || withoutFirst;
}
