import type { DemoAccounts } from './seed.ts';

/** A demo that runs: where it answers and who can sign in. */
export interface StartedDemo extends DemoAccounts {
  url: string;
  healthUrl: string;
}
