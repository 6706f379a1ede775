'use client';

import { useTranslations } from 'next-intl';
import { formatIndexM3 } from '../../lib/closing/billed-usage.ts';
import type { ClosingRowWire } from '../../lib/closing/closing-wire.ts';
import { useClosingTime } from './use-closing-time.ts';

type Estimate = NonNullable<ClosingRowWire['estimate']>;

/** How the register of a row was reckoned, in a sentence with the figures of the rule. */
export function EstimateText({ estimate }: { estimate: Estimate }) {
  const t = useTranslations('closing.row.estimate');
  const rule = useRule(estimate);
  return estimate.isDisaster ? `${rule}${t('disaster')}` : rule;
}

function useRule({ basis, lastUsage, between }: Estimate): string {
  const t = useTranslations('closing.row.estimate');
  const time = useClosingTime();
  switch (basis) {
    case 'last-usage':
      return t('last-usage', { usage: lastUsage?.usageM3 ?? '' });
    case 'last-usage-by-days':
      return t('last-usage-by-days', {
        ...{ usage: lastUsage?.usageM3 ?? '', days: lastUsage?.days ?? 0 },
        periodDays: lastUsage?.periodDays ?? 0,
      });
    case 'interpolation': {
      const [before, after] = between ?? [];
      if (!before || !after) return t('interpolation', NO_REGISTERS);
      return t('interpolation', {
        ...{ from: formatIndexM3(before.indexL), fromAt: time.reading(before.at) },
        ...{ to: formatIndexM3(after.indexL), toAt: time.reading(after.at) },
      });
    }
    case 'absence':
    case 'first-reading':
    case 'decision':
      return t(basis);
  }
}

const NO_REGISTERS = { from: '', fromAt: '', to: '', toAt: '' };
