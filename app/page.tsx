import { redirect } from 'next/navigation';
import { findPageContext } from './context.ts';
import { firstPageOf } from './page-access.ts';

/** The root address redirects each user to their first page. */
export default async function Home(): Promise<never> {
  const context = await findPageContext();
  redirect(context ? firstPageOf(context.actor) : '/sign-in');
}
