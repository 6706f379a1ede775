import { z } from 'zod';
import { CAPABILITIES, STAFF_ROLES } from '../actor.ts';

/** The signed-in user, as the API returns it. */
export const SessionWire = z
  .object({
    kind: z.enum(['staff', 'consumer']),
    displayName: z.string().meta({ description: 'A desk or post, or the customer number' }),
    role: z.enum(STAFF_ROLES).nullable(),
    capabilities: z.array(z.enum(CAPABILITIES)),
    utility: z.object({ code: z.string(), name: z.string() }),
  })
  .meta({ id: 'Session' });
export type SessionWire = z.infer<typeof SessionWire>;

export const EndedSessionsWire = z
  .object({ sessions: z.number().int().min(0) })
  .meta({ id: 'EndedSessions' });
