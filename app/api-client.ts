/**
 * Typed client of the API for pages. Paths, parameters and answers have the types of the OpenAPI document
 * (app/api-types.ts). Errors are `ApiError`s with the problem's code and reference, which ErrorState shows.
 */
import type { ApiOperations } from './api-types.ts';
import type { Problem } from './respond.ts';

type ProblemCode = Problem['code'] | 'offline';

/** A problem that the API answered, or `offline` when it could not be reached. */
export class ApiError extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly reference: string | undefined;
  /** Seconds after which a retry is allowed, when the answer has them. */
  readonly retryAfterS: number | undefined;
  readonly problem: Problem | undefined;

  constructor(code: ProblemCode, message: string, problem?: Problem) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = problem?.status ?? 0;
    this.reference = problem?.reference;
    this.retryAfterS = problem?.retryAfterS;
    this.problem = problem;
  }
}

type Operations<Method extends keyof ApiOperations> = ApiOperations[Method];

/** Path of a resource that can be read: `/meters/{meterId}`. */
export type GetPath = keyof Operations<'get'>;
/** Path and query parameters of a read. */
export type GetRequest<P extends GetPath> = Operations<'get'>[P]['request'];
/** Answer of a read. */
export type GetAnswer<P extends GetPath> = Operations<'get'>[P]['answer'];

type PostPath = keyof Operations<'post'>;
type PutPath = keyof Operations<'put'>;
type DeletePath = keyof Operations<'delete'>;

/** Parts of any resource's request. */
interface AnyRequest {
  path?: Record<string, string | number>;
  query?: Record<string, string | number | null | undefined>;
  header?: Record<string, string>;
  body?: unknown;
}

/** Address of a resource with its parameters; undefined ones are left out. */
export function apiUrl<P extends GetPath>(path: P, request: GetRequest<P>): string {
  return urlOf(path, request);
}

/** @throws ApiError */
export async function apiGet<P extends GetPath>(
  path: P,
  request: GetRequest<P>,
  signal?: AbortSignal,
): Promise<GetAnswer<P>> {
  const response = await apiFetch(urlOf(path, request), { signal });
  return answerOf(response);
}

/** The cast is safe: routes and document are made from the same schemas. */
async function answerOf<Answer>(response: Response): Promise<Answer> {
  return response.status === 204 ? (undefined as Answer) : response.json();
}

/** @throws ApiError */
export async function apiPost<P extends PostPath>(
  path: P,
  request: Operations<'post'>[P]['request'],
): Promise<Operations<'post'>[P]['answer']> {
  return answerOf(await sendChange('POST', path, request));
}

/** @throws ApiError */
export async function apiPut<P extends PutPath>(
  path: P,
  request: Operations<'put'>[P]['request'],
): Promise<Operations<'put'>[P]['answer']> {
  return answerOf(await sendChange('PUT', path, request));
}

/** @throws ApiError */
export async function apiDelete<P extends DeletePath>(
  path: P,
  request: Operations<'delete'>[P]['request'],
): Promise<Operations<'delete'>[P]['answer']> {
  return answerOf(await sendChange('DELETE', path, request));
}

function sendChange(method: 'POST' | 'PUT' | 'DELETE', path: string, request: AnyRequest) {
  const { header = {}, body } = request;
  const content = { 'content-type': 'application/json' };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = body === undefined ? header : { ...header, ...content };
  return apiFetch(urlOf(path, request), { method, headers, ...sent });
}

/** Idempotency key for one change: 128 random bits, also on a page that was not loaded over https. */
export function newRequestKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The raw response, for streamed bodies. @throws ApiError for any status but a success. */
export async function apiFetch(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, init).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError('offline', 'the site cannot be reached');
  });
  if (response.ok) return response;
  throw await apiErrorOf(response);
}

function urlOf(template: string, { path = {}, query = {} }: AnyRequest): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(path[name])),
  );
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, String(value)]],
  );
  return `/api/v1${filled}${given.length ? `?${new URLSearchParams(given)}` : ''}`;
}

async function apiErrorOf(response: Response): Promise<ApiError> {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  if (!isProblem) return new ApiError('internal', `the site answered ${response.status}`);
  // Every problem of the API is made by app/respond.ts.
  const problem = (await response.json()) as Problem;
  return new ApiError(problem.code, problem.detail, problem);
}
