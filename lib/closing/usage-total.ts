/** Sum of billed usages as a control total: exact, since usages are decimal text in steps of 0.1 m³. Pure. */
import type { ClosingRow } from './closing-row.ts';

export interface UsageTotal {
  /** Billed m³ as decimal text, with one decimal when one of the usages has it. */
  usageM3: string;
  /** Rows without a usage, which the sum lacks. */
  withoutUsage: number;
}

/** Adds up the billed usages of rows. */
export class UsageSum {
  #tenths = 0;
  #hasDecimal = false;
  #withoutUsage = 0;

  add({ usageM3 }: Pick<ClosingRow, 'usageM3'>): void {
    if (usageM3 === null) {
      this.#withoutUsage += 1;
      return;
    }
    const [whole, decimal] = usageM3.split('.');
    this.#tenths += Number(whole) * 10 + Number(decimal ?? 0);
    this.#hasDecimal ||= decimal !== undefined;
  }

  total(): UsageTotal {
    const whole = Math.floor(this.#tenths / 10);
    return {
      usageM3: this.#hasDecimal ? `${whole}.${this.#tenths % 10}` : String(whole),
      withoutUsage: this.#withoutUsage,
    };
  }
}
