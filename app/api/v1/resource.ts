/** Base of every API resource: a router that answers problem+json, and routes that state their right. */
import { createRoute, OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { SignedInActor } from '../../../lib/accounts/session.ts';
import { type Capability, KEY_SCOPES, requireCapability } from '../../../lib/actor.ts';
import { DomainError, FAULT_REASONS, invalidInput } from '../../../lib/errors.ts';
import { fieldFaults } from '../../../lib/field-faults.ts';
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
    faults: z
      .array(
        z.object({
          field: z.string().meta({
            description:
              'Name of the parameter or header, or of the member of the body, as `newMeter.size`',
          }),
          message: z.string(),
          reason: z.enum(FAULT_REASONS).optional(),
        }),
      )
      .optional(),
    capability: z.string().optional().meta({ description: 'The right that is lacking' }),
    until: z.string().optional().meta({ description: 'Until when it is locked' }),
    retryAfterS: z.number().optional().meta({ description: 'Seconds, as in Retry-After' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem' });

/** Router of one resource. Input that does not fit its schema becomes `invalid_input`, naming each field. */
export function createResource(): OpenAPIHono<ApiEnv> {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const whole = result.target === 'json' ? 'body' : result.target;
      throw invalidInput(fieldFaults(result.error, whole));
    },
  });
}

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: ProblemWire } },
});

const PROBLEMS = {
  400: problem('The input does not fit'),
  401: problem('Nobody is signed in, or the key opens nothing'),
  403: problem('The caller has not the right'),
  429: problem('As much is being worked on for the caller as may be at once; see Retry-After'),
  500: problem('A fault of ours'),
  503: problem('Others are being served, or the database cannot be reached; see Retry-After'),
};

/** Problems of routes that take a body or change something. */
const CHANGE_PROBLEMS = {
  409: problem('In conflict with what is there, or with the first request of the same key'),
  413: problem('The request is larger than 16 KiB'),
};

/** Right of a route; `signed-in`: any person who signed in, but no key. */
export type RouteRight = Capability | 'signed-in';

/** The context of a person. @throws DomainError `forbidden` for a key. */
export function ofPerson(context: RequestContext): RequestContext<SignedInActor> {
  const { actor } = context;
  if (actor.kind !== 'key') return { ...context, actor };
  throw new DomainError('forbidden', 'this is for people who signed in: a key has no session');
}

/**
 * Route that refuses an actor without the right before reading the input, and states the right in the document
 * (`x-capability`). The verb checks the right again, because it has other callers. `x-cost`, `heavy` by default, is the
 * share of the database that the route uses.
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
    security: schemesOf(right),
    'x-capability': right,
    'x-cost': cost,
    responses: { ...PROBLEMS, ...changeProblems(route), ...route.responses } as R['responses'],
  });
}

function changeProblems({ request }: Pick<RouteConfig, 'request'>): object {
  return request?.body || request?.headers ? CHANGE_PROBLEMS : {};
}

/** Security schemes of the document with which a route of this right is called. */
function schemesOf(right: RouteRight): Record<string, string[]>[] {
  const isForKeys = KEY_SCOPES.some((scope) => scope === right);
  return isForKeys ? [{ session: [] }, { apiKey: [] }] : [{ session: [] }];
}

function requireRight(right: RouteRight): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (right === 'signed-in') ofPerson(c.var.context);
    else requireCapability(c.var.context.actor, right);
    await next();
  };
}

/** Runs the route's database work at its cost, and ends it when the client disconnects. */
function workAtCost(cost: Cost): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const { context } = c.var;
    const workOptions = { cost, signal: c.req.raw.signal };
    c.set('context', {
      ...context,
      read: (fn, options) => context.read(fn, { ...workOptions, ...options }),
      transact: (fn, options) => context.transact(fn, { ...workOptions, ...options }),
    });
    await next();
  };
}
