/** Access checks of pages and layouts. The API and its verbs check again. */
import { headers } from 'next/headers';
import { forbidden, redirect } from 'next/navigation';
import type { SignedInActor } from '../lib/accounts/session.ts';
import { type Capability, capabilitiesOf } from '../lib/actor.ts';
import { findPageContext, type PageContext } from './context.ts';
import { REQUESTED_PATH_HEADER } from './request-headers.ts';

/** For staff layouts: the context, or a redirect to the staff sign-in page, which leads back here. */
export async function requireStaff(): Promise<PageContext> {
  const context = await findPageContext();
  return context?.actor.kind === 'staff' ? context : toSignIn('/sign-in');
}

/** For the household's layout: the context, or a redirect to the household's sign-in page, which leads back here. */
export async function requireConsumer(): Promise<PageContext> {
  const context = await findPageContext();
  return context?.actor.kind === 'consumer' ? context : toSignIn('/my/sign-in');
}

/** For the top of a staff page: the context, or the 403 page when the role lacks the capability. */
export async function allowPage(capability: Capability): Promise<PageContext> {
  const context = await requireStaff();
  return capabilitiesOf(context.actor).includes(capability) ? context : forbidden();
}

const FIRST_PAGES: readonly [Capability, string][] = [
  ['collection.read', '/collection'],
  ['closing.read', '/closing'],
  ['own-usage.read', '/my'],
];

/** First page of a user. */
export function firstPageOf(actor: SignedInActor): string {
  const capabilities = capabilitiesOf(actor);
  const first = FIRST_PAGES.find(([capability]) => capabilities.includes(capability));
  return first?.[1] ?? '/sign-in';
}

async function toSignIn(page: string): Promise<never> {
  const requested = (await headers()).get(REQUESTED_PATH_HEADER);
  redirect(requested && requested !== '/' ? `${page}?to=${encodeURIComponent(requested)}` : page);
}
