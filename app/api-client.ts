/** How pages talk to the API: typed answers, and problems as errors with the code and reference that ErrorState shows. */
import type { Problem } from './respond.ts';

type ProblemCode = Problem['code'] | 'offline';

/** What the API refused, or `offline` when it could not be reached at all. */
export class ApiError extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly reference: string | undefined;
  /** After how many seconds it may be asked again, where the answer says so. */
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

export type Query = Record<string, string | number | boolean | undefined>;

/** The address of a resource with its query; what is undefined is left out. */
export function apiUrl(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return `/api/v1${path}${given.length ? `?${search}` : ''}`;
}

/** @throws ApiError */
export async function apiGet<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  const response = await apiFetch(apiUrl(path, query), { signal });
  return (await response.json()) as T;
}

/** A change that is sent. */
export interface Change {
  body?: unknown;
  /** Of routes that take one: made once for the change (newRequestKey), and given again when it is sent again. */
  key?: string | undefined;
}

/** Sends a change. @throws ApiError */
export async function apiSend(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  { body, key }: Change = {},
): Promise<Response> {
  const headers = {
    ...(key !== undefined && { 'idempotency-key': key }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return apiFetch(apiUrl(path), { method, headers, ...sent });
}

/** A key for one change: 128 random bits, also where the page did not come over https. */
export function newRequestKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The response itself, for what is streamed. @throws ApiError for anything but a success. */
export async function apiFetch(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, init).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError('offline', 'the site cannot be reached');
  });
  if (response.ok) return response;
  throw await apiErrorOf(response);
}

async function apiErrorOf(response: Response): Promise<ApiError> {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  if (!isProblem) return new ApiError('internal', `the site answered ${response.status}`);
  const problem = (await response.json()) as Problem;
  return new ApiError(problem.code, problem.detail, problem);
}
