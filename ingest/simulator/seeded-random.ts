// Pseudo-random numbers as a pure function of their position: without a sequence, so that any hour of any day can be
// computed by itself.
import { certain } from '../../lib/certain.ts';

/** Murmur3's finalizer: every input bit changes about half of the output's. */
function scrambled(bits: number): number {
  let h = bits;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** A 32-bit unsigned hash of a position: a seed, a purpose, and indices. */
export function hashOf(seed: number, ...position: readonly number[]): number {
  let h = scrambled(seed ^ 0x9e3779b9);
  for (const value of position) h = scrambled(Math.imul(h, 31) + value);
  return h;
}

/** Uniformly distributed over [0, 1). */
export function uniform(seed: number, ...position: readonly number[]): number {
  return hashOf(seed, ...position) / 0x1_0000_0000;
}

/** Mean 0, standard deviation 1, never beyond ±3.5: the sum of four uniform numbers. */
export function gaussian(seed: number, ...position: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < 4; i += 1) sum += uniform(seed, ...position, i);
  return (sum - 2) * Math.sqrt(3);
}

/** A 32-bit seed from text. */
export function seedOf(text: string): number {
  let h = 0x811c9dc5;
  for (const char of text)
    h = Math.imul(h ^ certain(char.codePointAt(0), 'a character'), 0x01000193);
  return scrambled(h);
}
