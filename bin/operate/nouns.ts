import { ACCOUNT } from './account-verbs.ts';
import { AREA } from './area-verbs.ts';
import { CODE } from './code-verbs.ts';
import { CUSTOMER_NOUN } from './customer-verbs.ts';
import { ESTIMATION } from './estimation-verbs.ts';
import { JOB } from './job-verbs.ts';
import { KEY } from './key-verbs.ts';
import { MAIL } from './mail-verbs.ts';
import { METER } from './meter-verbs.ts';
import { PLACE } from './place-verbs.ts';
import { SUPPLY_POINT } from './supply-point-verbs.ts';
import { TERMINAL } from './terminal-verbs.ts';
import { UTILITY } from './utility-verbs.ts';
import type { Noun } from './verb.ts';

/** In the order in which a new utility needs them. */
export const NOUNS: readonly Noun[] = [
  UTILITY,
  ACCOUNT,
  AREA,
  PLACE,
  SUPPLY_POINT,
  CUSTOMER_NOUN,
  METER,
  TERMINAL,
  CODE,
  KEY,
  ESTIMATION,
  JOB,
  MAIL,
];
