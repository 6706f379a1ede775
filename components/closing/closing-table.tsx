'use client';

import { Group, Table, Text, Tooltip, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { formatIndexM3 } from '../../lib/closing/billed-usage.ts';
import { needsCheck } from '../../lib/closing/closing-row.ts';
import type { ClosingRowWire } from '../../lib/closing/wire.ts';
import { QualityBadge, StatusBadge } from '../ui/status-badge.tsx';
import classes from './closing.module.css';
import { ReadingTime } from './reading-time.tsx';

const HEADER_PX = 56;

export interface ClosingTableProps {
  /** 11月20日 */
  day: string;
  rows: readonly ClosingRowWire[];
}

/** The rows of a closing as the office will bill from them. Fewer columns on a phone, the rest under the number. */
export function ClosingTable({ day, rows }: ClosingTableProps) {
  const t = useTranslations('closing.table');
  return (
    <Table stickyHeader stickyHeaderOffset={HEADER_PX} highlightOnHover className={classes.table}>
      <Table.Caption>
        <VisuallyHidden>{t('caption', { day })}</VisuallyHidden>
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('customerNumber')}</Table.Th>
          <Table.Th scope="col" visibleFrom="lg">
            {t('area')}
          </Table.Th>
          <Table.Th scope="col" visibleFrom="lg">
            {t('terminalNumber')}
          </Table.Th>
          <Table.Th scope="col" visibleFrom="sm">
            {t('meterSerial')}
          </Table.Th>
          <Table.Th scope="col" visibleFrom="sm">
            {t('readAt')}
          </Table.Th>
          <Table.Th scope="col" visibleFrom="md" className={classes.number}>
            {t('previousIndex')}
          </Table.Th>
          <Table.Th scope="col" className={classes.number}>
            {t('index')}
          </Table.Th>
          <Table.Th scope="col" className={classes.number}>
            {t('usage')}
          </Table.Th>
          <Table.Th scope="col">{t('quality')}</Table.Th>
          <Table.Th scope="col" visibleFrom="sm">
            {t('remarks')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <ClosingLine key={`${row.customerNumber} ${row.supplyPointNumber}`} row={row} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function ClosingLine({ row }: { row: ClosingRowWire }) {
  const t = useTranslations('closing.table');
  const volume = (indexL: number | null) =>
    indexL === null ? t('missing') : formatIndexM3(indexL);
  return (
    <Table.Tr>
      <Table.Td>
        <span className={classes.code}>{row.customerNumber}</span>
        <PhoneLine row={row} />
      </Table.Td>
      <Table.Td visibleFrom="lg">{row.areaName}</Table.Td>
      <Table.Td visibleFrom="lg" className={classes.code}>
        {row.terminalNumber ?? t('missing')}
      </Table.Td>
      <Table.Td visibleFrom="sm" className={classes.code}>
        {row.meterSerial ?? t('noMeter')}
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <ReadingTime row={row} />
      </Table.Td>
      <Table.Td visibleFrom="md" className={classes.number}>
        {volume(row.previousIndexL)}
      </Table.Td>
      <Table.Td className={classes.number}>{volume(row.indexL)}</Table.Td>
      <Table.Td className={classes.number}>
        <Text span inherit fw={600}>
          {row.usageM3 ?? t('missing')}
        </Text>
      </Table.Td>
      <Table.Td className={classes.quality}>
        <QualityBadge quality={row.quality} />
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Remarks row={row} />
      </Table.Td>
    </Table.Tr>
  );
}

/** What a phone does not show in columns of its own. */
function PhoneLine({ row }: { row: ClosingRowWire }) {
  const isPlain = row.quality === 'actual' && row.remarks.length === 0;
  if (isPlain) return null;
  return (
    <Text component="div" hiddenFrom="sm" className={classes.under}>
      {row.quality === 'substituted' && <ReadingTime row={row} />}
      <Remarks row={row} />
    </Text>
  );
}

/** Each remark with what it means and asks for, on pointing at it or focusing it. */
function Remarks({ row }: { row: ClosingRowWire }) {
  const t = useTranslations('closing');
  return (
    <Group gap={4}>
      {row.remarks.map((remark) => (
        <Tooltip
          key={remark}
          label={t(`remarkDetail.${remark}`)}
          multiline
          maw={320}
          events={{ hover: true, focus: true, touch: true }}
        >
          <UnstyledButton>
            <StatusBadge
              tone={needsCheck({ remarks: [remark] }) ? 'attention' : 'calm'}
              label={t(`remark.${remark}`)}
            />
          </UnstyledButton>
        </Tooltip>
      ))}
    </Group>
  );
}
