/** The checks of pages and layouts on the user that opens them. The API and its verbs check again. */
import { headers } from 'next/headers';
import { forbidden, redirect } from 'next/navigation';
import type { SignedInActor } from '../lib/accounts/session.ts';
import { type Capability, capabilitiesOf } from '../lib/actor.ts';
import { findPageContext, type PageContext } from './context.ts';
import { ASKED_PATH_HEADER } from './request-headers.ts';

/** For staff layouts: the context, or away to the staff's sign-in page, which leads back here. */
export async function requireStaff(): Promise<PageContext> {
  const context = await findPageContext();
  return context?.actor.kind === 'staff' ? context : toSignIn('/sign-in');
}

/** For the household's layout: the context, or away to the household's sign-in page, which leads back here. */
export async function requireConsumer(): Promise<PageContext> {
  const context = await findPageContext();
  return context?.actor.kind === 'consumer' ? context : toSignIn('/my/sign-in');
}

/** At the top of a staff page: answers with the 403 page unless the role has the capability. */
export async function allowPage(capability: Capability): Promise<PageContext> {
  const context = await requireStaff();
  return capabilitiesOf(context.actor).includes(capability) ? context : forbidden();
}

const FIRST_PAGES: readonly [Capability, string][] = [
  ['collection.read', '/collection'],
  ['closing.read', '/closing'],
  ['own-usage.read', '/my'],
];

/** The first page of a user. */
export function firstPageOf(actor: SignedInActor): string {
  const capabilities = capabilitiesOf(actor);
  const first = FIRST_PAGES.find(([capability]) => capabilities.includes(capability));
  return first?.[1] ?? '/sign-in';
}

async function toSignIn(page: string): Promise<never> {
  const asked = (await headers()).get(ASKED_PATH_HEADER);
  redirect(asked && asked !== '/' ? `${page}?to=${encodeURIComponent(asked)}` : page);
}
