import type { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { deleteCookie } from 'hono/cookie';
import { signOut, signOutEverywhere } from '../../../lib/accounts/session-commands.ts';
import { getOwnUtility } from '../../../lib/accounts/session-queries.ts';
import { EndedSessionsWire, SessionWire } from '../../../lib/accounts/session-wire.ts';
import { capabilitiesOf } from '../../../lib/actor.ts';
import { sessionCookieName } from '../../session-cookie.ts';
import { createResource, ofPerson, protectedRoute } from './resource.ts';

const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

export const session = createResource();

/** Deletes the session's cookie, under both of its names. */
function forgetSession(c: Context): void {
  const options = { path: '/', httpOnly: true, sameSite: 'Lax' } as const;
  deleteCookie(c, sessionCookieName(true), { ...options, secure: true });
  deleteCookie(c, sessionCookieName(false), options);
}

session.openapi(
  protectedRoute('signed-in', {
    method: 'get',
    'x-cost': 'light',
    path: '/session',
    summary: 'Who is signed in',
    responses: { 200: json(SessionWire, 'The session behind the request') },
  }),
  async (c) => {
    const { actor, displayName, read } = ofPerson(c.var.context);
    const utility = await read((db) => getOwnUtility(db, actor));
    return c.json(
      {
        kind: actor.kind,
        displayName,
        role: actor.kind === 'staff' ? actor.role : null,
        capabilities: [...capabilitiesOf(actor)],
        utility,
      },
      200,
    );
  },
);

session.openapi(
  protectedRoute('signed-in', {
    method: 'delete',
    'x-cost': 'light',
    path: '/session',
    summary: 'Sign out',
    responses: { 204: { description: 'The session has ended' } },
  }),
  async (c) => {
    const { actor, transact } = ofPerson(c.var.context);
    await transact((tx) => signOut(tx, actor));
    forgetSession(c);
    return c.body(null, 204);
  },
);

session.openapi(
  protectedRoute('signed-in', {
    method: 'delete',
    'x-cost': 'light',
    path: '/sessions',
    summary: 'Sign out everywhere',
    responses: { 200: json(EndedSessionsWire, 'How many sessions ended, this one included') },
  }),
  async (c) => {
    const { actor, transact } = ofPerson(c.var.context);
    const sessions = await transact((tx) => signOutEverywhere(tx, actor));
    forgetSession(c);
    return c.json({ sessions }, 200);
  },
);
