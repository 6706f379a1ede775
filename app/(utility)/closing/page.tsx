import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { allowPage } from '../../page-access.ts';
import { ClosingView } from './closing-view.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('closing');
  return { title: t('title') };
}

export default async function ClosingPage() {
  await allowPage('closing.read');
  return <ClosingView />;
}
