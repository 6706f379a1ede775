'use client';

import { NativeSelect, Stack, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useClosingTime } from '../../../components/closing/use-closing-time.ts';
import { ListAnswer } from '../../../components/table/list-answer.tsx';
import { EmptyState } from '../../../components/ui/notice.tsx';
import { ClosingCheckTable } from '../../../components/work-list/closing-check-table.tsx';
import { monthOf } from '../../../lib/time.ts';
import type { ClosingChecksWire } from '../../../lib/work-list/closing-check-wire.ts';
import { writeAddress } from '../closing/closing-address.ts';
import { useListAddress } from '../use-list-address.ts';
import { PAGE_ITEMS } from './check-address.ts';
import { useClosingChecks } from './use-check.ts';

/** Rows to check of a closing that is not issued, for other reasons than readings in doubt. */
export function ClosingRows() {
  const t = useTranslations('check.rows');
  const address = useListAddress(PAGE_ITEMS);
  const query = useClosingChecks(address.get, true);
  const { data } = query;
  return (
    <Stack component="section" gap="md" aria-label={t('label')}>
      {data ? (
        <Head checks={data} onClosing={(day) => address.filter({ day: String(day) })} />
      ) : null}
      <ListAnswer
        query={query}
        part={address.part}
        onOffset={address.goTo}
        empty={
          data?.shown ? (
            <EmptyState title={t('none')} />
          ) : (
            <EmptyState title={t('noClosing')}>{t('noClosingDetail')}</EmptyState>
          )
        }
      >
        {(rows) => <Rows rows={rows} shown={data?.shown ?? null} />}
      </ListAnswer>
    </Stack>
  );
}

interface HeadProps {
  checks: ClosingChecksWire;
  onClosing: (closingDay: number) => void;
}

function Head({ checks, onClosing }: HeadProps) {
  const t = useTranslations('check.rows');
  const time = useClosingTime();
  const { closings, shown, toCheck, total } = checks;
  if (!shown) return null;
  return (
    <>
      <NativeSelect
        label={t('closing')}
        value={String(shown.closingDay)}
        onChange={({ currentTarget }) => onClosing(Number(currentTarget.value))}
        data={closings.map(({ closingDay, closesOn }) => ({
          value: String(closingDay),
          label: t('closingOption', { day: time.day(closesOn) }),
        }))}
        style={{ alignSelf: 'flex-start' }}
      />
      <Text size="sm" c="dimmed">
        {t('explained', { toCheck, explained: toCheck - total })}
      </Text>
    </>
  );
}

function Rows({ rows, shown }: Pick<ClosingChecksWire, 'rows' | 'shown'>) {
  const t = useTranslations('check.rows');
  const time = useClosingTime();
  if (!shown) return null;
  const closing = { closingDay: shown.closingDay, month: monthOf(shown.closesOn) };
  return (
    <ClosingCheckTable
      caption={t('caption', { day: time.day(shown.closesOn) })}
      rows={rows}
      targetOf={({ row: { customerNumber, supplyPointNumber, kind } }) => ({
        href: `/closing${writeAddress({
          ...{ ...closing, show: 'check', search: '', page: 1 },
          row: { customerNumber, supplyPointNumber, kind },
        })}`,
      })}
    />
  );
}
