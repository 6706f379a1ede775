import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { capabilitiesOf } from '../../../lib/actor.ts';
import { FirstAnswers } from '../../first-answers.tsx';
import { allowPage } from '../../page-access.ts';
import { type PageProps, readAddressOf } from '../../search-params.ts';
import {
  issuesRequest,
  previewRequest,
  readAddress,
  rowRequest,
  runsRequest,
} from './closing-address.ts';
import { ClosingView } from './closing-view.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('closing');
  return { title: t('title') };
}

export default async function ClosingPage(props: PageProps) {
  const { actor } = await allowPage('closing.read');
  const rights = capabilitiesOf(actor);
  const read = await readAddressOf(props);
  return (
    <FirstAnswers
      asks={async (ask) => {
        const answer = await ask('/closing-days', {});
        const address = answer && readAddress(read, answer.days)?.address;
        if (!address) return;
        const [preview] = await Promise.all([
          ask('/closings', previewRequest(address)),
          ask('/closings/runs', runsRequest(address)),
          ask('/closings/issues', issuesRequest(address)),
        ]);
        if (preview && address.row) {
          await ask('/closings/row', rowRequest(address, address.row), preview.asOf);
        }
      }}
    >
      <ClosingView
        mayReadMeters={rights.includes('meter.read')}
        mayDecide={rights.includes('usage.decide')}
      />
    </FirstAnswers>
  );
}
