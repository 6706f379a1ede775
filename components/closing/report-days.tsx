'use client';

import { Text } from '@mantine/core';
import {
  Circle,
  CircleDashed,
  CircleMinus,
  CircleSlash,
  type LucideIcon,
  Minus,
  Pencil,
  TriangleAlert,
  X,
} from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { formatIndexM3 } from '../../lib/closing/billed-usage.ts';
import type { ClosingExplanationWire } from '../../lib/closing/closing-wire.ts';
import { axisDay } from '../text/date-text.ts';
import classes from './closing.module.css';

type ReportDay = ClosingExplanationWire['days'][number];

const SIGNS: Record<ReportDay['state'], { icon: LucideIcon; color: string }> = {
  arrived: { icon: Circle, color: 'var(--mantine-color-done-text)' },
  incomplete: { icon: CircleMinus, color: 'var(--mantine-color-attention-text)' },
  doubtful: { icon: TriangleAlert, color: 'var(--mantine-color-attention-text)' },
  struck: { icon: CircleSlash, color: 'var(--mantine-color-attention-text)' },
  entered: { icon: Pencil, color: 'var(--mantine-color-attention-text)' },
  awaited: { icon: CircleDashed, color: 'var(--mantine-color-brand-text)' },
  missing: { icon: X, color: 'var(--mantine-color-danger-text)' },
  unexpected: { icon: Minus, color: 'var(--mantine-color-dimmed)' },
};

/** The last days up to the closing: whether each report arrived, and the register at its 24:00. */
export function ReportDays({ days }: { days: readonly ReportDay[] }) {
  const t = useTranslations('closing.row');
  const locale = useLocale();
  return (
    <>
      <ul className={classes.days} aria-label={t('days')}>
        {days.map(({ day, state, indexL }, at) => {
          const { icon: Icon, color } = SIGNS[state];
          return (
            <li
              key={day}
              className={classes.dayCell}
              data-last={at === days.length - 1 || undefined}
            >
              <span>{axisDay(day)}</span>
              <span>{weekday(day, locale)}</span>
              <span className={classes.dayState}>
                <Icon size={18} color={color} aria-hidden />
                {t(`state.${state}`)}
              </span>
              <span>{indexL === null ? '—' : formatIndexM3(indexL)}</span>
            </li>
          );
        })}
      </ul>
      <Text size="xs" c="dimmed" mt={4}>
        {t('indexBelow')}
      </Text>
    </>
  );
}

/** The day of the week; in Japanese, where it is one character, in brackets. */
function weekday(day: string, locale: string): string {
  const name = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  const text = name.format(new Date(`${day}T00:00:00Z`));
  return locale === 'ja' ? `（${text}）` : text;
}
