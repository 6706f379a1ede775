/** The API: all resources, mounted under /api/v1, and the OpenAPI document made from them. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { actorName } from '../../../lib/actor.ts';
import { DomainError, invalidField } from '../../../lib/errors.ts';
import type { RequestContext } from '../../context.ts';
import { CLIENT_GONE } from '../../http-terms.ts';
import { logOf, type ProblemLog, problemOf, respondProblem } from '../../respond.ts';
import { areas } from './areas.ts';
import { closingIssues } from './closing-issues.ts';
import { closingLayouts } from './closing-layouts.ts';
import { closingRunFiles } from './closing-run-files.ts';
import { closingRuns } from './closing-runs.ts';
import { closings } from './closings.ts';
import { collection } from './collection.ts';
import { edits } from './edits.ts';
import { estimation } from './estimation.ts';
import { exchanges } from './exchanges.ts';
import { meters } from './meters.ts';
import { my } from './my.ts';
import { pressure } from './pressure.ts';
import { readingMarks } from './reading-marks.ts';
import { readyMails } from './ready-mails.ts';
import { registerChanges } from './register-changes.ts';
import type { ApiEnv } from './resource.ts';
import { isFromOtherSite, isFromSameOrigin } from './same-origin.ts';
import { search } from './search.ts';
import { session } from './session.ts';
import { usageDecisions } from './usage-decisions.ts';
import { workList } from './work-list.ts';

/** What the API needs of the process it runs in. */
export interface ApiHost {
  /** The context of a request. @throws DomainError `unauthenticated`. */
  contextOf: (request: Request) => Promise<RequestContext>;
  /** Origin of the site, such as `https://kenshin.example`: changes by cookie are accepted from its pages only. */
  origin: () => string | Promise<string>;
  log: ProblemLog;
  /** The client's address, for the log. */
  addressOf?: (request: Request) => string;
  /** Called with the code of each refusal. */
  refused?: (code: string) => void;
}

const RESOURCES = [
  ...[session, closings, closingRuns, closingRunFiles, closingIssues, closingLayouts],
  ...[usageDecisions, estimation, collection, areas, pressure, meters, exchanges, edits, workList],
  readingMarks,
  ...[registerChanges, readyMails, search, my],
];

const DOCUMENT = {
  openapi: '3.1.0',
  info: {
    title: 'Kenshin API',
    version: '1',
    description:
      'Readings, pressure, collection and closings of a gas utility. Days are JST calendar days, hour ending k (1…24) is the value at k:00. Litres and pascals are integers; null is a value that is not known, never a zero. Errors are RFC 9457 problems with a reference; what does not fit is named in `faults` as the request has it. A change takes an Idempotency-Key, by which it acts once however often it is sent.',
  },
};

const READING_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

export function createApi(host: ApiHost): OpenAPIHono<ApiEnv> {
  const api = new OpenAPIHono<ApiEnv>().basePath('/api/v1');
  api.onError((error, c) => answerProblem(error, c, host));
  // Hono would run GET for HEAD and send no body.
  api.use('*', async (c, next) => {
    if (c.req.raw.method !== 'HEAD') return next();
    return new Response(null, { status: 405, headers: { allow: 'GET, POST, DELETE' } });
  });
  api.get('/openapi.json', (c) => c.json(apiDocument(api)));
  api.use('*', async (c, next) => {
    c.set('context', await host.contextOf(c.req.raw));
    await refuseForeign(c, host);
    c.header('cache-control', 'no-store');
    await next();
  });
  for (const resource of RESOURCES) api.route('/', resource);
  api.notFound((c) => {
    throw new DomainError('not_found', `there is no ${c.req.method} ${c.req.path}`);
  });
  api.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'next-auth.session-token',
    description: 'Set by signing in; called __Host-next-auth.session-token over https',
  });
  api.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description:
      'A key of the utility, kenshin_ and 43 letters, issued by its operator for some rights and a time. With this header a cookie is not looked at',
  });
  return api;
}

/** The OpenAPI 3.1 document of the API, as committed in docs/openapi.json. */
export function apiDocument(api: OpenAPIHono<ApiEnv>): unknown {
  return api.getOpenAPI31Document(DOCUMENT);
}

/** Characters of a session's id in the log: enough to tell sessions apart. */
const SESSION_LETTERS = 8;

function answerProblem(error: unknown, c: Context<ApiEnv>, host: ApiHost): Response {
  if (c.req.raw.signal.aborted) return new Response(null, { status: CLIENT_GONE });
  const where = { ...callerOf(c, host), method: c.req.method, path: c.req.path };
  const problem = problemOf(asDomainError(error), logOf(host.log, where));
  host.refused?.(problem.code);
  return respondProblem(problem);
}

/** Actor as kind:id, beginning of the session's id, and client address; without an actor the address only. */
function callerOf(c: Context<ApiEnv>, host: ApiHost): Record<string, unknown> {
  const address = host.addressOf?.(c.req.raw);
  // Hono's types say it is always set; a request without a session has none.
  const actor = (c.get('context') as RequestContext | undefined)?.actor;
  if (!actor) return { address };
  const caller = { actor: actorName(actor), utilityId: actor.utilityId, address };
  if (actor.kind === 'key') return caller;
  return { ...caller, session: actor.sessionId.slice(0, SESSION_LETTERS) };
}

/** Refuses requests of other sites that come with a cookie, which browsers add by themselves; keys are exempt. */
async function refuseForeign(c: Context<ApiEnv>, host: ApiHost): Promise<void> {
  if (c.var.context.actor.kind === 'key') return;
  const { headers } = c.req.raw;
  const isForeign = READING_METHODS.has(c.req.method)
    ? isFromOtherSite(headers)
    : !isFromSameOrigin(headers, await host.origin());
  if (isForeign) throw new DomainError('forbidden', 'the pages of other sites may not ask this');
}

/** A body that is not JSON, for which the framework throws an exception of its own, as `invalid_input`. */
function asDomainError(error: unknown): unknown {
  if (error instanceof Error && 'status' in error && error.status === 400) {
    return invalidField('body', error.message);
  }
  return error;
}
