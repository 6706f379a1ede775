import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { StaffSignInForm } from '../sign-in-fields.tsx';
import { type SignInPageProps, signInFormProps } from '../sign-in-page.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('auth'))('staff.title') };
}

export default async function StaffSignIn(props: SignInPageProps) {
  return <StaffSignInForm {...(await signInFormProps(props))} />;
}
