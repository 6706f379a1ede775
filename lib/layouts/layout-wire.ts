import { z } from 'zod';
import { IdParam } from '../query-params.ts';
import { type Answer, Id, Instant, type Wire } from '../wire.ts';
import { LayoutBody } from './layout.ts';

/** Layouts of closing files in the API. */
export const LayoutPath = z.object({ layoutId: IdParam });

const LayoutName = z
  .string()
  .trim()
  .min(1, 'give it a name')
  .max(40)
  .regex(/^\P{Cc}*$/u, 'text without control characters')
  .meta({ description: 'Of those that are offered no two have the same', example: '販売管理' });

export const LayoutInput = z
  .strictObject({ name: LayoutName, body: LayoutBody })
  .meta({ id: 'LayoutInput' });

export const LayoutChange = z
  .strictObject({
    name: LayoutName,
    body: LayoutBody,
    version: z.number().int().min(1).max(1_000_000).meta({
      description: 'The version that was changed; refused when another came after it',
    }),
  })
  .meta({ id: 'LayoutChange' });

export const LayoutWire = z
  .object({
    layoutId: Id,
    name: z.string(),
    version: z.number().int(),
    body: LayoutBody.nullable().meta({
      description: 'Null: it was not stored by this program and cannot be read; it can be removed',
    }),
    madeName: z.string().meta({ description: 'Who made this version' }),
    madeAt: Instant,
    removedAt: Instant.nullable(),
  })
  .meta({ id: 'Layout' });
export type LayoutWire = Wire<typeof LayoutWire>;
export type Layout = Answer<typeof LayoutWire>;

export const LayoutsWire = z.object({ layouts: z.array(LayoutWire) }).meta({ id: 'Layouts' });
export type LayoutsWire = Wire<typeof LayoutsWire>;
