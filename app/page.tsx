import { redirect } from 'next/navigation';
import { findPageContext } from './context.ts';
import { firstPageOf } from './page-access.ts';

/** The address without a path leads each to where they begin. */
export default async function Home(): Promise<never> {
  const context = await findPageContext();
  redirect(context ? firstPageOf(context.actor) : '/sign-in');
}
