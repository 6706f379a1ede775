/** States of a closing run, and the version of the rules by which its rows were made. Pure. */
import { createHash, type Hash } from 'node:crypto';
import type { ClosingRow } from './closing-row.ts';

export const RUN_STATES = ['draft', 'checked', 'issued', 'superseded'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** States that follow each state; every other change is refused, by the database too (keep_closing_run). */
export const RUN_TRANSITIONS: Readonly<Record<RunState, readonly RunState[]>> = {
  draft: ['checked'],
  checked: ['issued'],
  issued: ['superseded'],
  superseded: [],
};

/**
 * Version of the rules that print a row from its facts (closingRow). Raised with every change after which the same
 * facts print other figures; the figures of older runs are stored, and stay.
 */
export const CLOSING_RULES = 1;

/** Characters that are hashed at once. */
const AT_ONCE = 32_768;

/**
 * SHA-256 over the printed rows of a run in their order. The list of fields is part of the stored checksums: it is
 * never changed, whatever fields a row gets. What only some rows have stands at the end of these.
 */
export class RunChecksum {
  readonly #hash: Hash = createHash('sha256');
  /** Rows that are not hashed yet. */
  #text = '';

  add(row: ClosingRow): void {
    const fields: unknown[] = [
      row.occupancyId,
      row.supplyPointId,
      row.kind,
      row.customerNumber,
      row.supplyPointNumber,
      row.areaName,
      row.terminalNumber,
      row.meterSerial,
      row.closesOn,
      row.indexL,
      row.readAt,
      row.lagHours,
      row.previousIndexL,
      row.previousAt,
      row.previousDifferenceL,
      row.usageL,
      row.usageM3,
      row.quality,
      row.remarks,
    ];
    const more = besides(row);
    if (more) fields.push(more);
    this.#text += `${JSON.stringify(fields)}\n`;
    if (this.#text.length > AT_ONCE) this.#update();
  }

  #update(): void {
    this.#hash.update(this.#text);
    this.#text = '';
  }

  /** Ends the checksum. */
  digest(): Buffer {
    this.#update();
    return this.#hash.digest();
  }
}

/** Figures that most rows do not have; named, so that none can be taken for another. */
function besides({ estimate, volumeFactor, correctionL }: ClosingRow): object | undefined {
  if (estimate === null && volumeFactor === null && correctionL === null) return undefined;
  return { basis: estimate?.basis ?? null, volumeFactor, correctionL };
}
