import { z } from 'zod';
import { EDIT_KINDS } from '../editing/edited-hours.ts';
import { DayParam, IdParam, TextParam } from '../query-params.ts';
import { RegisterRuleWire, StepRuleWire } from '../validation/validation-wire.ts';
import { type Answer, Count, Day, HourEnding, Id, Instant, Litres, type Wire } from '../wire.ts';
import { CLOSING_STATES, WORK_ORDERS, WORK_RULES } from './work-list.ts';

/** The work-list in the API: readings that a rule doubts. Registers and usage are litres, days JST days. */
const WorkRuleWire = z.enum(WORK_RULES).meta({
  id: 'WorkRule',
  description: 'A rule of validation, on a register or on the step to one',
});

export const WorkListQuery = z.object({
  rule: WorkRuleWire.optional().meta({ description: 'Only items with a verdict of this rule' }),
  areaId: IdParam.optional(),
  search: TextParam.optional().meta({
    description: 'A part of a customer, supply point or terminal number or meter serial',
  }),
  meterId: IdParam.optional().meta({ description: 'Only of this meter' }),
  order: z.enum(WORK_ORDERS).default('litres').meta({
    description: 'litres: most in doubt first; closing: the earliest closing first',
  }),
  after: TextParam.optional().meta({
    description: '`next` of the page before; without it the first page',
  }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const WorkClosingWire = z
  .object({
    closingDay: z.number().int().min(1).max(31),
    closesOn: Day,
    state: z.enum(CLOSING_STATES).meta({
      description:
        'coming: its day has not ended; closed: it has, and it is not issued; issued: what a decision changes is a difference to what was issued',
    }),
  })
  .meta({ description: 'The closing that the first day belongs to' });

export const WorkItemWire = z
  .object({
    meterId: Id,
    fromOn: Day.meta({ description: 'First day with a reading in doubt; names the item' }),
    toOn: Day.meta({ description: 'Last day of the connected stretch' }),
    rule: WorkRuleWire.meta({ description: 'The rule of the most litres' }),
    rules: z.array(WorkRuleWire),
    registers: Count.meta({ description: 'Registers in doubt' }),
    steps: Count.meta({ description: 'Steps that cannot be explained' }),
    litresInDoubt: Litres.meta({
      description: 'By how much usage depends on what is decided; of a step, its size',
    }),
    meterSerial: z.string(),
    supplyPointNumber: z.string(),
    customerNumber: z.string().nullable().meta({ description: 'Null: vacant then' }),
    terminalNumber: z.string().nullable(),
    areaId: Id,
    areaName: z.string(),
    closing: WorkClosingWire,
    waits: z.boolean().meta({ description: 'An edit of it waits for a second person' }),
  })
  .meta({ id: 'WorkItem' });
export type WorkItemWire = Wire<typeof WorkItemWire>;
export type WorkItem = Answer<typeof WorkItemWire>;

export const WorkListWire = z
  .object({
    asOf: Instant.meta({ description: 'Instant for which all of this is true' }),
    total: Count.meta({ description: 'Items that filters and search leave' }),
    litresInDoubt: z.number().int().min(0).meta({ description: 'Their sum' }),
    byRule: z.partialRecord(z.enum(WORK_RULES), Count).meta({
      description: 'Items by rule, whatever rule is asked for; one can have several',
    }),
    openMarks: Count.meta({
      description: 'Marks for attention that nobody looked at, whatever is asked for',
    }),
    proposedEdits: Count.meta({
      description: 'Edits that wait for a second person, whatever is asked for',
    }),
    rows: z.array(WorkItemWire),
    next: z.string().nullable().meta({
      description: 'The parameter `after` of the next page; null after the last item',
    }),
  })
  .meta({ id: 'WorkList' });
export type WorkListWire = Wire<typeof WorkListWire>;
export type WorkList = Answer<typeof WorkListWire>;

export const WorkItemQuery = z.object({ meterId: IdParam, fromOn: DayParam });

const SoundRegisterWire = z.object({ day: Day, hourEnding: HourEnding, indexL: Litres });

const WorkHourWire = z.object({
  hourEnding: HourEnding,
  indexL: Litres.nullable().meta({
    description: 'The register that is stored, or that a person entered in its place',
  }),
  edit: z.enum(EDIT_KINDS).nullable().meta({ description: 'What a person decided of it' }),
  rule: RegisterRuleWire.nullable().meta({ description: 'Why it is in doubt; null: it is sound' }),
  stepRule: StepRuleWire.nullable().meta({
    description: 'Why the usage up to it cannot be explained',
  }),
});

export const WorkItemDetailWire = z
  .object({
    item: WorkItemWire,
    asOf: Instant,
    sizeM3PerHour: z.number(),
    dialL: Litres,
    before: SoundRegisterWire.nullable().meta({
      description: 'The sound register before the first one in doubt, or before the first step',
    }),
    after: SoundRegisterWire.nullable().meta({
      description: 'The sound register after the last one in doubt, or that of the last step',
    }),
    usageL: Litres.nullable().meta({
      description: 'Usage between both; null where one is missing or the step is impossible',
    }),
    mostL: Litres.nullable().meta({
      description: 'Litres that can pass the meter in that time; null where one is missing',
    }),
    days: z
      .array(
        z.object({
          day: Day,
          receivedAt: Instant.nullable().meta({ description: 'Null: no report of the day' }),
          hours: z.array(WorkHourWire).meta({ description: '24' }),
        }),
      )
      .meta({ description: 'Three days before to three days after, at most 17' }),
  })
  .meta({ id: 'WorkItemDetail' });
export type WorkItemDetailWire = Wire<typeof WorkItemDetailWire>;
export type WorkItemDetail = Answer<typeof WorkItemDetailWire>;
