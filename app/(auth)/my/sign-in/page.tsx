import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { ConsumerSignInForm } from '../../sign-in-fields.tsx';
import { type SignInPageProps, signInFormProps } from '../../sign-in-page.ts';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('auth'))('consumer.title') };
}

export default async function ConsumerSignIn(props: SignInPageProps) {
  return <ConsumerSignInForm {...(await signInFormProps(props))} />;
}
