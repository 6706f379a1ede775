/** What every resource of the API is made of: a router that speaks problem+json and routes that name their right. */
import { createRoute, OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { type Capability, requireCapability } from '../../../lib/actor.ts';
import { invalidInput } from '../../../lib/errors.ts';
import type { RequestContext } from '../../context.ts';
import type { Cost } from '../../fair-shares.ts';

export interface ApiEnv {
  Variables: { context: RequestContext };
}

const ProblemWire = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.string().meta({ description: 'Closed list of reasons', example: 'invalid_input' }),
    detail: z.string(),
    reference: z.string().meta({ description: 'Also in the log', example: 'K7QM-2XVD' }),
    faults: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    capability: z.string().optional().meta({ description: 'The right that is lacking' }),
    until: z.string().optional().meta({ description: 'Until when it is locked' }),
    retryAfterS: z.number().optional().meta({ description: 'Seconds, as in Retry-After' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem' });

/** A router for one resource. Input that does not fit its schema becomes `invalid_input`, naming each field. */
export function createResource(): OpenAPIHono<ApiEnv> {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const faults = result.error.issues.map(({ path, message }) => ({
        field: [result.target, ...path].join('.'),
        message,
      }));
      throw invalidInput(faults);
    },
  });
}

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemWire } },
});

const PROBLEMS = {
  400: problem('The input does not fit'),
  401: problem('Nobody is signed in'),
  403: problem('The one who is signed in has not the right'),
  429: problem('As much is being worked on for the person as may be at once; see Retry-After'),
  500: problem('A fault of ours'),
  503: problem('Others are being served, or the database cannot be reached; see Retry-After'),
};

/** The right of a route; `signed-in` for those that every signed-in actor may use. */
export type RouteRight = Capability | 'signed-in';

/**
 * A route that refuses an actor without the right, before its input is looked at, and names that right in the document
 * (`x-capability`). The verb behind it asks again: this one only saves work. `x-cost` is what it takes of the database:
 * `heavy` unless the route has another.
 */
export function protectedRoute<
  P extends string,
  const R extends Omit<RouteConfig, 'path' | 'method'> & {
    path: P;
    method: RouteConfig['method'];
    'x-cost'?: Cost;
  },
>(right: RouteRight, route: R) {
  const cost = route['x-cost'] ?? 'heavy';
  return createRoute({
    ...route,
    middleware: [requireRight(right), workAtCost(cost)],
    security: [{ session: [] }],
    'x-capability': right,
    'x-cost': cost,
    responses: { ...PROBLEMS, ...route.responses } as R['responses'],
  });
}

function requireRight(right: RouteRight): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (right !== 'signed-in') requireCapability(c.var.context.actor, right);
    await next();
  };
}

/** What the route asks of the database is run at its cost, and ends when its client goes. */
function workAtCost(cost: Cost): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { context } = c.var;
    const asked = { cost, signal: c.req.raw.signal };
    c.set('context', {
      ...context,
      read: (fn, options) => context.read(fn, { ...asked, ...options }),
      transact: (fn, options) => context.transact(fn, { ...asked, ...options }),
    });
    await next();
  };
}
