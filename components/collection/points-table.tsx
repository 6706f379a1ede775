'use client';

import {
  Anchor,
  Table,
  TableScrollContainer,
  TableTbody,
  TableTd,
  TableTh,
  TableThead,
  TableTr,
  Text,
} from '@mantine/core';
import Link from 'next/link';
import { useLocale, useTranslations } from 'next-intl';
import type { CollectionPointWire } from '../../lib/collection/wire.ts';
import { summaryText } from '../refusals/refusal-texts.ts';
import { dayText, instantText } from '../text/date-text.ts';

interface PointsTableProps {
  points: CollectionPointWire[];
  /** Missing ones say since when and what to do; arrived ones when and how much. */
  kind: 'missing' | 'arrived';
}

/** Numbers and names are read whole. */
const ONE_LINE = { whiteSpace: 'nowrap' } as const;

/** The supply points behind a count, each a link to its meter. */
export function PointsTable({ points, kind }: PointsTableProps) {
  const t = useTranslations('collection');
  const Cells = kind === 'missing' ? MissingCells : ArrivedCells;
  return (
    <TableScrollContainer minWidth={0}>
      <Table stickyHeader highlightOnHover verticalSpacing="xs">
        <TableThead>
          <TableTr>
            <TableTh>{t('customerNumber')}</TableTh>
            <TableTh visibleFrom="sm">{t('terminalNumber')}</TableTh>
            <TableTh visibleFrom="sm">{t('area')}</TableTh>
            {kind === 'missing' ? (
              <>
                <TableTh>{t('lastDay')}</TableTh>
                <TableTh visibleFrom="sm">{t('lastSeen')}</TableTh>
                <TableTh visibleFrom="sm">{t('asked')}</TableTh>
                <TableTh w={{ base: '45%', sm: '30%' }}>{t('whatToDo')}</TableTh>
              </>
            ) : (
              <>
                <TableTh>{t('received')}</TableTh>
                <TableTh ta="right">{t('values')}</TableTh>
                <TableTh visibleFrom="sm">{t('due')}</TableTh>
              </>
            )}
          </TableTr>
        </TableThead>
        <TableTbody>
          {points.map((point) => (
            <TableTr key={point.supplyPointId}>
              <TableTd style={ONE_LINE}>
                <Anchor component={Link} href={`/meters/${point.meterId}`} fz="inherit">
                  {point.customerNumber ?? `${t('vacant')} ${point.supplyPointNumber}`}
                </Anchor>
              </TableTd>
              <TableTd visibleFrom="sm" style={ONE_LINE}>
                {point.terminalNumber}
              </TableTd>
              <TableTd visibleFrom="sm" style={ONE_LINE}>
                {point.areaName}
              </TableTd>
              <Cells point={point} />
            </TableTr>
          ))}
        </TableTbody>
      </Table>
    </TableScrollContainer>
  );
}

function MissingCells({ point }: { point: CollectionPointWire }) {
  const t = useTranslations('collection');
  const locale = useLocale();
  return (
    <>
      <TableTd>{point.lastDay ? dayText(point.lastDay, locale) : t('never')}</TableTd>
      <TableTd visibleFrom="sm">
        {point.lastSeenAt ? instantText(point.lastSeenAt, locale) : t('never')}
      </TableTd>
      <TableTd visibleFrom="sm">
        {point.lastAskedAt
          ? t('askedTimes', {
              count: point.askedCount,
              time: instantText(point.lastAskedAt, locale),
            })
          : t('notAsked')}
      </TableTd>
      <TableTd>
        {point.advice ? (
          t(`advice.${point.advice}`, { serial: point.refusal?.meterSerial ?? '' })
        ) : (
          <Text c="dimmed" fz="inherit">
            {t(`state.${point.state}`)}
          </Text>
        )}
        <Refused point={point} />
      </TableTd>
    </>
  );
}

/** That frames of the terminal were refused, with the way to them. */
function Refused({ point: { refused, meterId } }: { point: CollectionPointWire }) {
  const t = useTranslations('refusals');
  const locale = useLocale();
  if (!refused) return null;
  return (
    <Text fz="xs">
      <Anchor component={Link} href={`/meters/${meterId}#refusals`} fz="inherit">
        {summaryText(refused, t, locale)}
      </Anchor>
    </Text>
  );
}

function ArrivedCells({ point }: { point: CollectionPointWire }) {
  const t = useTranslations('collection');
  const locale = useLocale();
  return (
    <>
      <TableTd>{point.receivedAt ? instantText(point.receivedAt, locale) : t('never')}</TableTd>
      <TableTd ta="right">
        {t('valuesOf', { count: point.indexCount ?? 0, expected: point.expectedCount })}
      </TableTd>
      <TableTd visibleFrom="sm">{instantText(point.dueAt, locale)}</TableTd>
    </>
  );
}
