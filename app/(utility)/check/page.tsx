import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { capabilitiesOf } from '../../../lib/actor.ts';
import { FirstAnswers } from '../../first-answers.tsx';
import { allowPage } from '../../page-access.ts';
import { type PageProps, readAddressOf } from '../../search-params.ts';
import { pageOffset } from '../list-address.ts';
import {
  itemRequest,
  marksRequest,
  PAGE_ITEMS,
  proposedRequest,
  readCheckAddress,
  rowsRequest,
  workRequest,
} from './check-address.ts';
import { CheckView } from './check-view.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('check');
  return { title: t('title') };
}

export default async function CheckPage(props: PageProps) {
  const { actor } = await allowPage('meter.read');
  const rights = capabilitiesOf(actor);
  const read = await readAddressOf(props);
  const address = readCheckAddress(read);
  const mayReadClosings = rights.includes('closing.read');
  return (
    <FirstAnswers
      asks={async (ask) => {
        const [work] = await Promise.all([
          ask('/work-list', workRequest(address)),
          ask('/areas', {}),
        ]);
        const item = address.item ?? work?.rows[0];
        if (address.part === 'readings' && item) {
          const { meterId, fromOn } = item;
          await ask('/work-list/item', itemRequest({ meterId, fromOn }));
        }
        if (address.part === 'rows' && mayReadClosings) {
          await ask('/work-list/closing-rows', rowsRequest(read));
        }
        if (address.part === 'marks') await ask('/work-list/marks', marksRequest(read));
        if (address.part === 'second') {
          const offset = pageOffset(read('page'), PAGE_ITEMS);
          await ask('/edits', proposedRequest({ limit: PAGE_ITEMS, offset }));
        }
      }}
    >
      <CheckView mayReadClosings={mayReadClosings} mayEdit={rights.includes('reading.edit')} />
    </FirstAnswers>
  );
}
