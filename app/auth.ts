/**
 * The seam to next-auth: it carries credentials in and a session's token out, in an encrypted cookie that says nothing else.
 * Who is behind the token is asked of the session row at every request, so that revoking the row ends it at once.
 */
import type { NextAuthOptions } from 'next-auth';
import { decode } from 'next-auth/jwt';
import CredentialsProvider from 'next-auth/providers/credentials';
import { z } from 'zod';
import { CONSUMER_SESSION_HOURS } from '../lib/accounts/session.ts';
import { type Entrance, signInConsumer, signInStaff } from '../lib/accounts/sign-in-commands.ts';
import { DomainError } from '../lib/errors.ts';

export interface AuthSettings {
  secret: string;
  /** True where the site is reached over https: cookies are then marked Secure. */
  secure: boolean;
  entrance: Entrance;
  /** Told of whatever is not a wrong password. */
  onFault: (error: unknown) => void;
  /** Told of what next-auth finds wrong with a request, by its own code. */
  onComplaint?: (code: string) => void;
  /** Told how each sign-in ended: `accepted`, or the code of its refusal. */
  onOutcome?: (outcome: string) => void;
  /** Ends the session of a token when next-auth's own sign-out is used. */
  endSession: (token: string) => Promise<void>;
}

const text = z
  .string()
  .min(1)
  .max(200)
  .refine((typed) => !/\p{Cc}/u.test(typed));
const StaffForm = z.object({ utilityCode: text, login: text, password: text });
const ConsumerForm = z.object({ utilityCode: text, customerNumber: text, registrationCode: text });
const SessionCookie = z.object({ token: z.string().regex(/^[\w-]{43}$/) });

const field = (type: 'text' | 'password') => ({ type });

/** Two ways in: `staff` and `consumer`. The error that reaches the form is a code: see signInError. */
export function createAuthOptions(settings: AuthSettings): NextAuthOptions {
  const { entrance } = settings;
  return {
    secret: settings.secret,
    useSecureCookies: settings.secure,
    session: { strategy: 'jwt', maxAge: CONSUMER_SESSION_HOURS * 3600 },
    pages: { signIn: '/sign-in', error: '/sign-in' },
    providers: [
      CredentialsProvider({
        id: 'staff',
        credentials: {
          utilityCode: field('text'),
          login: field('text'),
          password: field('password'),
        },
        authorize: (form) => admit(settings, () => signInStaff(entrance, StaffForm.parse(form))),
      }),
      CredentialsProvider({
        id: 'consumer',
        credentials: {
          utilityCode: field('text'),
          customerNumber: field('text'),
          registrationCode: field('password'),
        },
        authorize: (form) =>
          admit(settings, () => signInConsumer(entrance, ConsumerForm.parse(form))),
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => ({ token: user ? user.id : token.token }),
      session: ({ session }) => ({ expires: session.expires }),
    },
    events: {
      signOut: async ({ token }) => {
        const parsed = SessionCookie.safeParse(token);
        if (parsed.success) await settings.endSession(parsed.data.token);
      },
    },
    // Faults of a sign-in are told by `admit`; what next-auth itself complains of can be caused by anybody.
    logger: { error: (code) => settings.onComplaint?.(code), warn: () => undefined },
  };
}

/** Runs a sign-in; what it throws becomes the one word that next-auth hands to the form. */
async function admit(
  settings: AuthSettings,
  signIn: () => Promise<string>,
): Promise<{ id: string } | null> {
  try {
    const id = await signIn();
    settings.onOutcome?.('accepted');
    return { id };
  } catch (error) {
    const word = refusalWord(settings, error);
    settings.onOutcome?.(word.split(' ')[0] ?? word);
    throw new Error(word);
  }
}

function refusalWord(settings: AuthSettings, error: unknown): string {
  if (error instanceof z.ZodError) return 'unauthenticated';
  if (error instanceof DomainError && error.code === 'locked') {
    return `locked ${String(error.details.until)}`;
  }
  if (error instanceof DomainError) return error.code;
  settings.onFault(error);
  return 'unavailable';
}

/** The session's token within the cookie; nothing for a cookie that we did not make or that has run out. */
export async function readSessionCookie(
  cookie: string | undefined,
  secret: string,
): Promise<string | undefined> {
  if (!cookie) return undefined;
  const content = await decode({ token: cookie, secret }).catch(() => null);
  const parsed = SessionCookie.safeParse(content);
  return parsed.success ? parsed.data.token : undefined;
}
