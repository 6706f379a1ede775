'use client';

import { Stack, Text } from '@mantine/core';
import { MONTH_END } from '../../lib/closing/closing-day.ts';
import type { OwnMonthWire } from '../../lib/usage/usage-wire.ts';
import classes from './consumer.module.css';
import type { Reader } from './usage-text.ts';

/** What the figures mean, and the customer number, the only thing known of a household. */
export function ConsumerFoot({ own, reader }: { own: OwnMonthWire; reader: Reader }) {
  const { t } = reader;
  const { closingDay } = own;
  const closing =
    closingDay === MONTH_END ? t('foot.closingDayEnd') : t('foot.closingDay', { day: closingDay });
  return (
    <Stack component="footer" gap={2} pt="md" c="dimmed">
      <p className={classes.foot}>{t('foot.about')}</p>
      <p className={classes.foot}>
        {own.period === 'billing' ? t('foot.billingPeriod', { closing }) : t('foot.billing')}
      </p>
      <p className={classes.foot}>
        {t('foot.customerNumber')}{' '}
        <Text span inherit fw={600}>
          {own.customerNumber}
        </Text>
      </p>
    </Stack>
  );
}
