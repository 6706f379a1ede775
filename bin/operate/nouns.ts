import { ACCOUNT } from './account.ts';
import { AREA } from './area.ts';
import { CODE } from './code.ts';
import { CUSTOMER_NOUN } from './customer.ts';
import { JOB } from './job.ts';
import { KEY } from './key.ts';
import { MAIL } from './mail.ts';
import { METER } from './meter.ts';
import { PLACE } from './place.ts';
import { SUPPLY_POINT } from './supply-point.ts';
import { TERMINAL } from './terminal.ts';
import { UTILITY } from './utility.ts';
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
  JOB,
  MAIL,
];
