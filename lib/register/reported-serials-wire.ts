import { z } from 'zod';
import { Day } from '../wire.ts';

export const ReportedSerialsWire = z
  .object({
    serials: z.array(
      z.object({
        meterSerial: z.string(),
        isRegistered: z.boolean(),
        days: z.array(Day).meta({ description: 'Days that were reported for it, oldest first' }),
        askedAgainFrom: Day.meta({
          description: 'Days from this one on are asked of the terminal again once it is fitted',
        }),
      }),
    ),
  })
  .meta({ id: 'ReportedSerials' });
export type ReportedSerialsWire = z.infer<typeof ReportedSerialsWire>;
