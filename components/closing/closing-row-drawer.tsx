'use client';

import {
  Anchor,
  DrawerBody,
  DrawerCloseButton,
  DrawerContent,
  DrawerOverlay,
  DrawerRoot,
  DrawerTitle,
  Stack,
  Text,
} from '@mantine/core';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { reasonOf } from '../../lib/closing/closing-counts.ts';
import type { ClosingExplanationWire } from '../../lib/closing/closing-wire.ts';
import { ErrorState } from '../ui/error-state.tsx';
import { EmptyState } from '../ui/notice.tsx';
import { QualityBadge, StatusBadge } from '../ui/status-badge.tsx';
import { TableSkeleton } from '../ui/waiting.tsx';
import classes from './closing.module.css';
import { ReportDays } from './report-days.tsx';
import { RowFigures } from './row-figures.tsx';
import { RowReasonText } from './row-reason-text.tsx';
import { UsageCalculation } from './usage-calculation.tsx';
import { useClosingTime } from './use-closing-time.ts';

export interface ClosingRowDrawerProps {
  /** Undefined: closed. */
  row: { customerNumber: string; supplyPointNumber: string } | undefined;
  explanation: ClosingExplanationWire | undefined;
  error: (Error & { code?: unknown }) | null;
  onRetry: () => void;
  onClose: () => void;
  /** Whether the user may open the page of a meter. */
  mayReadMeters: boolean;
  /** Decisions on the row; undefined where there are none and the user may not decide. */
  decisions?: ReactNode;
}

/** A row of a closing with its reasons: which reports arrived, how the usage is calculated, what the remarks ask for. */
export function ClosingRowDrawer(props: ClosingRowDrawerProps) {
  const { row, onClose } = props;
  const t = useTranslations('closing.row');
  return (
    <DrawerRoot
      opened={row !== undefined}
      onClose={onClose}
      position="right"
      size="min(30rem, 100vw)"
    >
      <DrawerOverlay />
      <DrawerContent>
        {/* Mantine's own head is a header element, which a screen reader takes for the page's. */}
        <div className={classes.drawerHead}>
          <DrawerTitle fz="h3" fw={600}>
            {t('title', { number: row?.customerNumber ?? '' })}
          </DrawerTitle>
          <DrawerCloseButton aria-label={t('close')} />
        </div>
        <DrawerBody>
          <Content {...props} />
        </DrawerBody>
      </DrawerContent>
    </DrawerRoot>
  );
}

function Content(props: ClosingRowDrawerProps) {
  const { row, explanation, error, onRetry, mayReadMeters, decisions } = props;
  const t = useTranslations('closing.row');
  if (!row) return null;
  if (explanation) return <Explained {...{ explanation, mayReadMeters, decisions }} />;
  if (error?.code === 'not_found') {
    const { customerNumber: customer, supplyPointNumber: supplyPoint } = row;
    return (
      <EmptyState title={t('notFound')}>
        {t('notFoundDetail', { customer, supplyPoint })}
      </EmptyState>
    );
  }
  if (error) return <ErrorState error={error} onRetry={onRetry} />;
  return <TableSkeleton rows={8} />;
}

interface ExplainedProps {
  explanation: ClosingExplanationWire;
  mayReadMeters: boolean;
  decisions: ReactNode;
}

function Explained({ explanation, mayReadMeters, decisions }: ExplainedProps) {
  const t = useTranslations('closing.row');
  const finalText = useTranslations('closing.kind');
  const time = useClosingTime();
  const { row, days } = explanation;
  return (
    <Stack gap="lg" pb="md" className={classes.explained}>
      <Text size="sm" c="dimmed">
        {t('closing', { day: time.day(row.closesOn) })}
      </Text>
      {row.kind === 'final' ? (
        <Text size="sm">{finalText('finalDetail', { day: time.day(row.closesOn) })}</Text>
      ) : null}
      <Facts explanation={explanation} />
      <Part name={t('quality')}>
        <Stack gap={6} align="flex-start">
          <QualityBadge quality={row.quality} />
          <RowReasonText explanation={explanation} />
        </Stack>
      </Part>
      <Part name={t('days')}>
        <ReportDays days={days} />
      </Part>
      <Part name={t('usage')}>
        <UsageCalculation {...explanation} />
      </Part>
      <Part name={t('kinds')}>
        <RowFigures figures={explanation.figures} />
      </Part>
      {decisions === undefined ? null : <Part name={t('decisions')}>{decisions}</Part>}
      {row.remarks.length === 0 ? null : (
        <Part name={t('remarks')}>
          <Remarks remarks={row.remarks} />
        </Part>
      )}
      {mayReadMeters ? <Links explanation={explanation} /> : null}
    </Stack>
  );
}

function Links({ explanation }: Pick<ExplainedProps, 'explanation'>) {
  const t = useTranslations('closing.row');
  const register = useTranslations('register');
  const { row, meterId, supplyPointId } = explanation;
  const links = [
    ...(row.remarks.some(reasonOf)
      ? [{ href: `/check?q=${encodeURIComponent(row.customerNumber)}`, text: t('openCheck') }]
      : []),
    ...(meterId === null ? [] : [{ href: `/meters/${meterId}`, text: t('openMeter') }]),
    { href: `/supply-points/${supplyPointId}`, text: register('open') },
  ];
  return links.map(({ href, text }) => (
    <Anchor key={href} component={Link} href={href} size="sm" underline="always">
      {text}
    </Anchor>
  ));
}

function Facts({ explanation: { row } }: Pick<ExplainedProps, 'explanation'>) {
  const t = useTranslations('closing.row');
  const facts = [
    [t('supplyPoint'), row.supplyPointNumber],
    [t('area'), row.areaName],
    [t('meter'), row.meterSerial ?? t('noMeter')],
    [t('terminal'), row.terminalNumber ?? t('noTerminal')],
  ] as const;
  return (
    <dl className={classes.facts}>
      {facts.map(([name, value]) => (
        <Text component="div" size="sm" key={name} style={{ display: 'contents' }}>
          <Text component="dt" size="sm">
            {name}
          </Text>
          <Text component="dd" size="sm">
            {value}
          </Text>
        </Text>
      ))}
    </dl>
  );
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section>
      <Text component="h3" size="sm" fw={600} m={0} mb={6}>
        {name}
      </Text>
      {children}
    </section>
  );
}

function Remarks({ remarks }: Pick<ClosingExplanationWire['row'], 'remarks'>) {
  const t = useTranslations('closing');
  return (
    <Stack gap="sm">
      {remarks.map((remark) => (
        <div key={remark}>
          <StatusBadge
            tone={reasonOf(remark) ? 'attention' : 'calm'}
            label={t(`remark.${remark}`)}
          />
          <Text size="sm" mt={4}>
            {t(`remarkDetail.${remark}`)}
          </Text>
        </div>
      ))}
    </Stack>
  );
}
