import type { DemoAccess } from '../seed.ts';
import type { DemoCase } from './cases.ts';

/** A demo that runs: where it answers and who can sign in. */
export interface StartedDemo extends DemoAccess {
  url: string;
  healthUrl: string;
  workerHealthUrl: string;
  /** Where the mails lie that the demo sent. */
  mailFolder: string;
  /** What is staged, for a person to look at. */
  cases: DemoCase[];
}
