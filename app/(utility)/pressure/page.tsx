import { getTranslations } from 'next-intl/server';
import { dayOf } from '../../../lib/time.ts';
import { type Ask, FirstAnswers } from '../../first-answers.tsx';
import { allowPage } from '../../page-access.ts';
import { type PageProps, readAddressOf } from '../../search-params.ts';
import type { Read } from '../list-address.ts';
import {
  areaRequest,
  chosenArea,
  excursionsRequest,
  metersRequest,
  openList,
  pressureFilter,
} from './pressure-address.ts';
import { PressureView } from './pressure-view.tsx';

export async function generateMetadata() {
  const t = await getTranslations('pressure');
  return { title: t('title') };
}

export default async function PressurePage(props: PageProps) {
  const { now } = await allowPage('pressure.read');
  const read = await readAddressOf(props);
  return (
    <FirstAnswers asks={(ask) => askArea(ask, { read, today: dayOf(now) })}>
      <PressureView />
    </FirstAnswers>
  );
}

async function askArea(ask: Ask, { read, today }: { read: Read; today: string }) {
  const answer = await ask('/areas', {});
  const area = answer && chosenArea(read, answer.areas);
  if (!area) return;
  const filter = pressureFilter(read, area.areaId, today);
  await Promise.all([
    ask('/pressure/areas/{areaId}', areaRequest(filter)),
    openList(read) === 'hours'
      ? ask('/pressure/areas/{areaId}/excursions', excursionsRequest(read, filter))
      : ask('/pressure/areas/{areaId}/meters', metersRequest(read, filter)),
  ]);
}
