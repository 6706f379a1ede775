import { getTranslations } from 'next-intl/server';
import { allowPage } from '../../page-access.ts';
import { CollectionBoard } from './collection-board.tsx';

export async function generateMetadata() {
  const t = await getTranslations('collection');
  return { title: t('title') };
}

export default async function CollectionPage() {
  await allowPage('collection.read');
  return <CollectionBoard />;
}
