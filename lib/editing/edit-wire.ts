import { z } from 'zod';
import { CLOSING_QUALITIES, CLOSING_REMARKS } from '../closing/closing-row.ts';
import { IdParam } from '../query-params.ts';
import { UsageMarkWire } from '../usage/usage-wire.ts';
import { REGISTER_RULES } from '../validation/judge-registers.ts';
import {
  type Answer,
  Day,
  HourEnding,
  Id,
  Instant,
  Litres,
  listOf,
  page,
  type Wire,
} from '../wire.ts';
import { EDIT_WARNINGS } from './edit-effect.ts';
import { EDIT_KINDS } from './edited-hours.ts';
import { AcknowledgedClosings, EDIT_REASONS, EDIT_STATES } from './reading-edit.ts';

/** Edits of readings in the API. Registers and usage are whole litres; null is unknown or none. */
export const EditPath = z.object({ editId: IdParam });

export const EditsQuery = z.object({
  state: z.enum(EDIT_STATES).default('proposed'),
  ...page(50, 200),
});

const Kind = z.enum(EDIT_KINDS).meta({
  description:
    'struck: the register is no reading; entered: a register that was read otherwise; confirmed: right, although a rule doubts it',
});

export const ReadingEditWire = z
  .object({
    editId: Id,
    meterId: Id,
    meterSerial: z.string(),
    day: Day,
    kind: Kind,
    hours: z
      .array(
        z.object({
          hourEnding: HourEnding,
          receivedL: Litres.nullable().meta({
            description: 'The stored register when the edit was made',
          }),
          indexL: Litres.meta({
            description: 'The register that was entered, struck or confirmed',
          }),
        }),
      )
      .meta({ description: 'By hour' }),
    reason: z.enum(EDIT_REASONS),
    note: z.string(),
    movedL: Litres.meta({
      description:
        'The most by which the register at one of the hours, as a closing then would read it, becomes another',
    }),
    state: z.enum(EDIT_STATES).meta({
      description: 'proposed: waits for a second person and counts for nothing',
    }),
    madeBy: z.string().meta({ description: 'Name as it was then' }),
    madeAt: Instant,
    isOwn: z
      .boolean()
      .meta({ description: 'True of an edit of the caller, who may not second it' }),
    secondedBy: z
      .string()
      .nullable()
      .meta({ description: 'The second person, who agreed or refused' }),
    secondedAt: Instant.nullable(),
    takenBackBy: z.string().nullable(),
    takenBackAt: Instant.nullable(),
    supersededBy: Id.nullable().meta({ description: 'The edit that took its last hour' }),
    supersededAt: Instant.nullable(),
  })
  .meta({ id: 'ReadingEdit' });
export type ReadingEditWire = Wire<typeof ReadingEditWire>;
export type ReadingEdit = Answer<typeof ReadingEditWire>;

export const MeterEditsWire = z
  .object({ edits: z.array(ReadingEditWire) })
  .meta({ id: 'MeterEdits' });
export type MeterEditsWire = Wire<typeof MeterEditsWire>;

export const EditsWire = z.object(listOf(ReadingEditWire)).meta({ id: 'ReadingEdits' });
export type EditsWire = Wire<typeof EditsWire>;

export const EditMadeWire = z
  .object({ editId: Id, state: z.enum(EDIT_STATES), movedL: Litres })
  .meta({ id: 'EditMade' });
export type EditMadeWire = Wire<typeof EditMadeWire>;

export const SecondEditBody = z
  .strictObject({
    agreed: z.boolean().meta({ description: 'true: it stands from now on; false: it is refused' }),
    acknowledgedClosings: AcknowledgedClosings,
  })
  .meta({ id: 'SecondEditBody' });

export const TakeBackEditBody = z
  .strictObject({ acknowledgedClosings: AcknowledgedClosings })
  .meta({ id: 'TakeBackEditBody' });

export const EditDecidedWire = z
  .object({ editId: Id, state: z.enum(EDIT_STATES) })
  .meta({ id: 'EditDecided' });

const UsageWire = z.object({ usageL: Litres.nullable(), marks: z.array(UsageMarkWire).readonly() });
const both = { before: UsageWire, after: UsageWire };

const HourRegisterWire = z.object({ day: Day, hourEnding: HourEnding, indexL: Litres });
const DoubtedWire = HourRegisterWire.extend({ rule: z.enum(REGISTER_RULES) });

const EditBilledWire = z.object({
  indexL: Litres.nullable(),
  readAt: z.string().nullable().meta({ description: 'ISO 8601 with the offset of JST' }),
  previousIndexL: Litres.nullable(),
  previousDifferenceL: z.number().int().nullable(),
  usageL: Litres.nullable(),
  usageM3: z.string().nullable().meta({ description: 'As billed', example: '23.4' }),
  quality: z.enum(CLOSING_QUALITIES),
  remarks: z.array(z.enum(CLOSING_REMARKS)),
});

export const EditPreviewWire = z
  .object({
    meterId: Id,
    day: Day,
    kind: Kind,
    supplyPointNumber: z.string(),
    hours: z.array(
      z.object({
        hourEnding: HourEnding,
        receivedL: Litres.nullable(),
        beforeL: Litres.nullable().meta({ description: 'The register that counts now' }),
        afterL: Litres.nullable().meta({ description: 'The register that would count' }),
      }),
    ),
    around: z
      .object({ before: HourRegisterWire.nullable(), after: HourRegisterWire.nullable() })
      .meta({ description: 'The nearest registers that would count before and after these hours' }),
    days: z.array(z.object({ day: Day, ...both })).meta({
      description: 'The day, and those of the month before and after it whose usage changes',
    }),
    doubted: z.array(DoubtedWire).meta({ description: 'Registers that would come in doubt' }),
    cleared: z.array(DoubtedWire).meta({ description: 'Registers that would be in doubt no more' }),
    closings: z
      .array(
        z.object({
          closesOn: Day,
          customerNumber: z.string(),
          before: EditBilledWire,
          after: EditBilledWire,
        }),
      )
      .meta({ description: 'Rows of closings that have passed and change' }),
    hasFurtherClosings: z.boolean().meta({ description: 'More may change than is listed' }),
    issued: z.array(Day).meta({
      description:
        'Issued closings that this concerns: to be named in `acknowledgedClosings`. The difference stands in the next closing',
    }),
    period: z
      .object({ fromOn: Day, closesOn: Day, ...both })
      .meta({ description: 'Usage up to now of the period whose closing is to come' }),
    movedL: Litres,
    secondLookL: Litres.meta({ description: 'An edit that moves more needs a second person' }),
    needsSecond: z.boolean(),
    warnings: z.array(z.enum(EDIT_WARNINGS)),
  })
  .meta({ id: 'EditPreview' });
export type EditPreviewWire = Wire<typeof EditPreviewWire>;
export type EditPreview = Answer<typeof EditPreviewWire>;
