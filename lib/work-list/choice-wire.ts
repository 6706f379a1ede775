import { z } from 'zod';
import { CLOSING_QUALITIES, CLOSING_REMARKS } from '../closing/closing-row.ts';
import { DayParam, IdParam } from '../query-params.ts';
import { type Answer, Count, Day, HourEnding, Instant, Litres, type Wire } from '../wire.ts';
import { WORK_CHOICES } from './choices.ts';

/** Decisions on an item of the work-list, in the API. */
export const WorkItemBody = z
  .strictObject({ meterId: IdParam, fromOn: DayParam })
  .meta({ id: 'WorkItemBody' });

const ChoiceBilledWire = z.object({
  closesOn: Day,
  indexL: Litres.nullable(),
  usageL: Litres.nullable(),
  usageM3: z.string().nullable().meta({ description: 'As billed', example: '23.4' }),
  quality: z.enum(CLOSING_QUALITIES),
  remarks: z.array(z.enum(CLOSING_REMARKS)),
});

const ChoiceEditWire = z.object({
  day: Day,
  kind: z.enum(WORK_CHOICES),
  hourEnding: HourEnding.nullable().meta({ description: 'null: the whole day' }),
  indexL: Litres.nullable().meta({ description: 'Of one hour its stored register, else null' }),
  issued: z.array(Day).meta({
    description: 'Issued closings that it concerns, to be named in `acknowledgedClosings`',
  }),
});

export const WorkChoicesWire = z
  .object({
    asOf: Instant,
    isTooLong: z.boolean().meta({ description: 'It takes more edits than one decision makes' }),
    now: ChoiceBilledWire.nullable().meta({
      description: "The row of the item's closing as it is; null before it has closed",
    }),
    soFarL: Litres.nullable().meta({
      description:
        'Usage so far of the period whose closing is to come, where the item belongs to it; else null, as where it is unknown',
    }),
    choices: z.array(
      z.object({
        choice: z.enum(WORK_CHOICES),
        edits: z.array(ChoiceEditWire).meta({
          description: 'What to send to /meters/{meterId}/edits, one after another',
        }),
        billed: ChoiceBilledWire.nullable().meta({ description: 'That row as it would be' }),
        soFarL: Litres.nullable().meta({ description: 'That usage as it would be' }),
        furtherClosings: Count.meta({ description: 'Rows of later closings that would change' }),
        doubted: Count.meta({ description: 'Registers that would come in doubt' }),
        needsSecond: z.boolean().meta({ description: 'It counts when a second person agrees' }),
      }),
    ),
  })
  .meta({ id: 'WorkChoices' });
export type WorkChoicesWire = Wire<typeof WorkChoicesWire>;
export type WorkChoices = Answer<typeof WorkChoicesWire>;
