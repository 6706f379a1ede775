import { cookies } from 'next/headers';
import { signInUtility } from '../context.ts';
import { returnPath, UTILITY_COOKIE } from '../sign-in-form.ts';
import type { SignInFormProps } from './sign-in-fields.tsx';

export interface SignInPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/**
 * Props of the sign-in form from address and cookie: `?utility=` names the utility, `?to=` the path to open afterwards.
 */
export async function signInFormProps(props: SignInPageProps): Promise<SignInFormProps> {
  const { utility: named, to } = await props.searchParams;
  const remembered = (await cookies()).get(UTILITY_COOKIE)?.value;
  const code = typeof named === 'string' ? named : remembered;
  // The page is shown even while the database is unreachable: the form reports that when it is sent.
  const find = (wanted: string | undefined) => signInUtility(wanted).catch(() => undefined);
  const utility = (code && (await find(code))) || (await find(undefined));
  return { utility, to: returnPath(to) };
}
