/**
 * Interface to next-auth, which takes the credentials and puts a session's token into an encrypted cookie; the cookie
 * holds nothing else. The session row of the token is read at every request, so that revoking the row ends it at once.
 */
import { createHmac } from 'node:crypto';
import type { NextAuthOptions } from 'next-auth';
import { decode } from 'next-auth/jwt';
import CredentialsProvider from 'next-auth/providers/credentials';
import { z } from 'zod';
import { readDeviceCookie, type TypedName } from '../lib/accounts/device-cookie.ts';
import { canBeTyped } from '../lib/accounts/password-rule.ts';
import { CONSUMER_SESSION_HOURS, STAFF_SESSION_HOURS } from '../lib/accounts/session.ts';
import {
  type SignedIn,
  type SignInDatabase,
  type SignInSource,
  signInConsumer,
  signInStaff,
  typedConsumerName,
  typedStaffName,
} from '../lib/accounts/sign-in-commands.ts';
import { networkOf } from '../lib/client-network.ts';
import { DomainError, type Refusal } from '../lib/errors.ts';
import { UTILITY_CODE } from '../lib/utility-code.ts';
import { sessionCookieName } from './session-cookie.ts';

/** A refused sign-in, for the log. */
export interface RefusedSignIn {
  /** `unauthenticated`, `locked`, `unavailable` or `form`. */
  reason: string;
  kind: 'staff' | 'consumer';
  /** The utility's code; undefined when the text does not have its form, because people also type passwords there. */
  utility: string | undefined;
  /**
   * 12 hex digits of a keyed hash of the name, because people also type passwords there. Tells names apart in this log.
   */
  nameHash: string | undefined;
  address: string;
}

export interface AuthSettings {
  secret: string;
  /** Key that signs device cookies. */
  deviceKey: Buffer;
  /** True when the site is reached over https: cookies are then marked Secure. */
  secure: boolean;
  signInDatabase: SignInDatabase;
  /** Called with any error but a wrong password. */
  onFault: (error: unknown) => void;
  onRefused: (refused: RefusedSignIn) => void;
  onAccepted?: () => void;
  /** Called with next-auth's own code for a request that it rejects. */
  onComplaint?: (code: string) => void;
}

/** A request to next-auth's route, and the outcome of a sign-in in it. */
export interface AuthRequest {
  address: string;
  /** Value of the browser's device cookie. */
  device: string | undefined;
  session: string | undefined;
  /** When the request was received. */
  now: Date;
  signal?: AbortSignal | undefined;
  outcome?: SignedIn | Refusal;
}

const text = z
  .string()
  .min(1)
  .max(200)
  .refine((typed) => !/\p{Cc}/u.test(typed));
const secret = z.string().refine(canBeTyped);
const StaffForm = z.object({ utilityCode: text, login: text, password: secret });
const ConsumerForm = z.object({
  utilityCode: text,
  customerNumber: text,
  registrationCode: secret,
});
const SessionCookie = z.object({ token: z.string().regex(/^[\w-]{43}$/) });

const field = (type: 'text' | 'password') => ({ type });

/**
 * Options of next-auth for one request, with the providers `staff` and `consumer`. An error reaches the form as one
 * word: see refusalWord.
 */
export function createAuthOptions(
  settings: AuthSettings,
  request: AuthRequest,
  kind?: string,
): NextAuthOptions {
  const { secure } = settings;
  const hours = kind === 'staff' ? STAFF_SESSION_HOURS : CONSUMER_SESSION_HOURS;
  return {
    secret: settings.secret,
    useSecureCookies: secure,
    cookies: {
      sessionToken: {
        name: sessionCookieName(secure),
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure },
      },
    },
    session: { strategy: 'jwt', maxAge: hours * 3600 },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    providers: [staffProvider(settings, request), consumerProvider(settings, request)],
    callbacks: {
      jwt: ({ token, user }) => ({ token: user ? user.id : token.token }),
      session: ({ session }) => ({ expires: session.expires }),
    },
    // `admit` reports the errors of a sign-in; next-auth's own complaints can be caused by any client.
    logger: { error: (code) => settings.onComplaint?.(code), warn: () => undefined },
  };
}

function staffProvider(settings: AuthSettings, request: AuthRequest) {
  return CredentialsProvider({
    id: 'staff',
    credentials: {
      utilityCode: field('text'),
      login: field('text'),
      password: field('password'),
    },
    authorize: (given) => {
      const form = StaffForm.safeParse(given);
      const name = form.success ? typedStaffName(form.data) : undefined;
      return admit(settings, request, {
        kind: 'staff',
        name,
        signIn: async (source) =>
          form.success ? signInStaff(settings.signInDatabase, form.data, source) : undefined,
      });
    },
  });
}

function consumerProvider(settings: AuthSettings, request: AuthRequest) {
  return CredentialsProvider({
    id: 'consumer',
    credentials: {
      utilityCode: field('text'),
      customerNumber: field('text'),
      registrationCode: field('password'),
    },
    authorize: (given) => {
      const form = ConsumerForm.safeParse(given);
      const name = form.success ? typedConsumerName(form.data) : undefined;
      return admit(settings, request, {
        kind: 'consumer',
        name,
        signIn: async (source) =>
          form.success ? signInConsumer(settings.signInDatabase, form.data, source) : undefined,
      });
    },
  });
}

interface Admission {
  kind: 'staff' | 'consumer';
  /** Undefined for a form that no page of this site sends. */
  name: TypedName | undefined;
  signIn: (source: SignInSource) => Promise<SignedIn | undefined>;
}

/** Runs a sign-in; an error becomes the one word that next-auth passes to the form. */
async function admit(
  settings: AuthSettings,
  request: AuthRequest,
  { kind, name, signIn }: Admission,
): Promise<{ id: string }> {
  const refuse = (reason: string): void =>
    settings.onRefused({
      reason,
      kind,
      utility: name && UTILITY_CODE.test(name.utilityCode) ? name.utilityCode : undefined,
      nameHash: name && hashOf(name, settings.secret),
      address: request.address,
    });
  try {
    const signedIn = await signIn(await sourceOf(settings, request));
    if (!signedIn) throw new DomainError('unauthenticated', 'the form is not complete');
    request.outcome = signedIn;
    settings.onAccepted?.();
    return { id: signedIn.token };
  } catch (error) {
    const refused = refusalOf(settings, error);
    request.outcome = refused;
    refuse(name ? refused.code : 'form');
    throw new Error(refusalWord(refused));
  }
}

function hashOf({ name }: TypedName, secret: string): string {
  return createHmac('sha256', secret).update(`name in the log ${name}`).digest('hex').slice(0, 12);
}

async function sourceOf(settings: AuthSettings, request: AuthRequest): Promise<SignInSource> {
  return {
    addressGroup: networkOf(request.address),
    device: readDeviceCookie(request.device, settings.deviceKey),
    replacedToken: await readSessionCookie(request.session, settings.secret),
    now: request.now,
    signal: request.signal,
  };
}

function refusalOf(settings: AuthSettings, error: unknown): Refusal {
  if (error instanceof DomainError) return error;
  settings.onFault(error);
  return new DomainError('unavailable', 'signing in is not possible now', { retryAfterS: 5 });
}

function refusalWord({ code, details }: Refusal): string {
  return code === 'locked' ? `locked ${details.until}` : code;
}

/** The session's token in the cookie; undefined for a cookie that this site did not make or that has expired. */
export async function readSessionCookie(
  cookie: string | undefined,
  cookieSecret: string,
): Promise<string | undefined> {
  if (!cookie) return undefined;
  const content = await decode({ token: cookie, secret: cookieSecret }).catch(() => null);
  const parsed = SessionCookie.safeParse(content);
  return parsed.success ? parsed.data.token : undefined;
}
