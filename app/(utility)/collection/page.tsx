import { getTranslations } from 'next-intl/server';
import { type Ask, FirstAnswers } from '../../first-answers.tsx';
import { allowPage } from '../../page-access.ts';
import { type PageProps, readAddressOf } from '../../search-params.ts';
import type { Read } from '../list-place.ts';
import { CollectionBoard } from './collection-board.tsx';
import { collectionRequest, historyRequest, pointsRequest } from './collection-place.ts';

export async function generateMetadata() {
  const t = await getTranslations('collection');
  return { title: t('title') };
}

export default async function CollectionPage(props: PageProps) {
  await allowPage('collection.read');
  const read = await readAddressOf(props);
  return (
    <FirstAnswers asks={(ask) => Promise.all([askDay(ask, read), askHistory(ask, read)])}>
      <CollectionBoard />
    </FirstAnswers>
  );
}

async function askDay(ask: Ask, read: Read) {
  const collection = await ask('/collection', collectionRequest(read));
  if (collection) await ask('/collection/points', pointsRequest(read, collection));
}

function askHistory(ask: Ask, read: Read) {
  return ask('/collection/history', historyRequest(read));
}
