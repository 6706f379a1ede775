import { getTranslations } from 'next-intl/server';
import { dayOf } from '../../../lib/time.ts';
import { type Ask, FirstAnswers } from '../../first-answers.tsx';
import { allowPage } from '../../page-access.ts';
import { type PageProps, readAddressOf } from '../../search-params.ts';
import type { Read } from '../list-address.ts';
import { collectionRequest, historyRequest, supplyPointsRequest } from './collection-address.ts';
import { CollectionBoard } from './collection-board.tsx';

export async function generateMetadata() {
  const t = await getTranslations('collection');
  return { title: t('title') };
}

export default async function CollectionPage(props: PageProps) {
  const { now } = await allowPage('collection.read');
  const today = dayOf(now);
  const read = await readAddressOf(props);
  return (
    <FirstAnswers
      asks={(ask) => Promise.all([askDay(ask, { read, today }), askHistory(ask, { read, today })])}
    >
      <CollectionBoard />
    </FirstAnswers>
  );
}

interface Work {
  read: Read;
  today: string;
}

async function askDay(ask: Ask, { read, today }: Work) {
  const collection = await ask('/collection', collectionRequest(read, today));
  if (collection) await ask('/collection/points', supplyPointsRequest(read, collection));
}

function askHistory(ask: Ask, { read, today }: Work) {
  return ask('/collection/history', historyRequest(read, today));
}
