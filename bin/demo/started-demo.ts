import type { DemoAccess } from '../seed.ts';
import type { DemoCase } from './staged-cases.ts';

/** A running demo: its addresses and who can sign in. */
export interface StartedDemo extends DemoAccess {
  url: string;
  healthUrl: string;
  workerHealthUrl: string;
  /** Folder with the mails that the demo sent. */
  mailFolder: string;
  /** Staged cases to look at. */
  cases: DemoCase[];
}
