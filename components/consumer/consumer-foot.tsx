'use client';

import { Stack, Text } from '@mantine/core';
import classes from './consumer.module.css';
import type { Reader } from './usage-text.ts';

/** What the figures mean, and the customer number, the only thing known of a household. */
export function ConsumerFoot(props: { customerNumber: string; reader: Reader }) {
  const { t } = props.reader;
  return (
    <Stack component="footer" gap={2} pt="md" c="dimmed">
      <p className={classes.foot}>{t('foot.about')}</p>
      <p className={classes.foot}>{t('foot.billing')}</p>
      <p className={classes.foot}>
        {t('foot.customerNumber')}{' '}
        <Text span inherit fw={600}>
          {props.customerNumber}
        </Text>
      </p>
    </Stack>
  );
}
