'use client';

import {
  ProgressRoot,
  ProgressSection,
  Table,
  TableTbody,
  TableTd,
  TableTh,
  TableThead,
  TableTr,
  Title,
  UnstyledButton,
} from '@mantine/core';
import { useTranslations } from 'next-intl';
import { arrivedCount } from '../../lib/collection/collection.ts';
import type { CollectionCountWire, CollectionWire } from '../../lib/collection/collection-wire.ts';
import { Figure } from '../ui/figure.tsx';
import { rateText } from './collection-texts.ts';

interface AreaCollectionProps {
  areas: CollectionWire['areas'];
  selectedId: number | undefined;
  onSelect: (areaId: number | undefined) => void;
}

/** One bar per area; a click filters the page by the area, a second click removes the filter. */
export function AreaCollection({ areas, selectedId, onSelect }: AreaCollectionProps) {
  const t = useTranslations('collection');
  return (
    <section aria-label={t('byArea')}>
      <Title order={2} size="h4" mb="xs">
        {t('byArea')}
      </Title>
      <Table verticalSpacing="xs" highlightOnHover>
        <TableThead>
          <TableTr>
            <TableTh>{t('area')}</TableTh>
            <TableTh w="40%" visibleFrom="sm" aria-hidden />
            <TableTh ta="right">{t('rate')}</TableTh>
            <TableTh ta="right">{t('arrived')}</TableTh>
            <TableTh ta="right">{t('state.missing')}</TableTh>
          </TableTr>
        </TableThead>
        <TableTbody>
          {areas.map(({ areaId, name, count }) => (
            <TableTr
              key={areaId}
              {...(areaId === selectedId ? { bg: 'var(--mantine-color-brand-light)' } : {})}
            >
              <TableTd>
                <UnstyledButton
                  fz="inherit"
                  td="underline"
                  aria-pressed={areaId === selectedId}
                  onClick={() => onSelect(areaId === selectedId ? undefined : areaId)}
                >
                  {name}
                </UnstyledButton>
              </TableTd>
              <TableTd visibleFrom="sm" aria-hidden>
                <CollectionBar count={count} />
              </TableTd>
              <TableTd ta="right">
                <Figure value={rateText(count) || null} unit="%" />
              </TableTd>
              <TableTd ta="right" style={{ whiteSpace: 'nowrap' }}>
                {arrivedCount(count)} / {count.expected}
              </TableTd>
              <TableTd ta="right">{count.missing}</TableTd>
            </TableTr>
          ))}
        </TableTbody>
      </Table>
    </section>
  );
}

function CollectionBar({ count }: { count: CollectionCountWire }) {
  const share = (part: number) => (count.expected === 0 ? 0 : (part * 100) / count.expected);
  return (
    <ProgressRoot size="lg">
      <ProgressSection value={share(arrivedCount(count) - count.late)} color="done.5" />
      <ProgressSection value={share(count.late)} color="attention.4" />
      <ProgressSection value={share(count.missing)} color="danger.6" />
    </ProgressRoot>
  );
}
