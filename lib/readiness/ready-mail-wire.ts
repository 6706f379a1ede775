import { z } from 'zod';
import { IdParam, MonthParam } from '../query-params.ts';
import { type Answer, Day, Id, Instant, type Wire } from '../wire.ts';

/** Mails to those who asked for them when a closing is ready, in the API. */
export const ReadyMailPath = z.object({ requestId: IdParam });

export const ReadyMailInput = z
  .strictObject({
    closingDay: z.number().int().min(1).max(31),
    month: MonthParam.nullable().meta({
      description: 'The closing of this month; null: each month, from the next that is not ready',
    }),
  })
  .meta({ id: 'ReadyMailInput' });

const closing = { closingDay: z.number().int().min(1).max(31), closesOn: Day };

export const ReadyMailsWire = z
  .object({
    address: z.string().nullable().meta({
      description: 'Where mails to this person go; null: nowhere, and none can be asked for',
    }),
    requests: z.array(
      z.object({
        requestId: Id,
        ...closing,
        eachMonth: z.boolean().meta({
          description:
            'True: `closesOn` is the next closing that a mail comes for, and more follow',
        }),
        askedAt: Instant,
      }),
    ),
    sent: z
      .array(
        z.object({
          ...closing,
          state: z.enum(['waiting', 'sent', 'failed', 'dropped']).meta({
            description: 'sent: the mail server accepted it; waiting: it is to be sent',
          }),
          asOf: Instant.meta({ description: 'When the closing was found ready' }),
          sentAt: Instant.nullable(),
        }),
      )
      .meta({ description: 'Mails of the latest closings, at most 60' }),
  })
  .meta({ id: 'ReadyMails' });
export type ReadyMailsWire = Wire<typeof ReadyMailsWire>;
export type ReadyMails = Answer<typeof ReadyMailsWire>;
