'use client';

import { Stack, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { type BilledStep, billedSteps } from '../../lib/closing/billed-steps.ts';
import { formatIndexM3 } from '../../lib/closing/billed-usage.ts';
import type { ClosingExplanationWire } from '../../lib/closing/closing-wire.ts';
import classes from './closing.module.css';
import { signedM3 } from './row-figures.tsx';
import { useClosingTime } from './use-closing-time.ts';

export type UsageCalculationProps = Pick<ClosingExplanationWire, 'row' | 'segments' | 'rounding'>;

/** The billed usage as a calculation in words: 597 − 553 = 44（1㎥未満切捨て）, a line for each meter of an exchange. */
export function UsageCalculation({ row, segments, rounding }: UsageCalculationProps) {
  const t = useTranslations('closing.row.calculation');
  const time = useClosingTime();
  const calculation = row.usageM3 === null ? undefined : billedSteps(segments, rounding);
  if (!calculation) return <Text size="sm">{t('unknown')}</Text>;
  const { steps, sum, usageM3 } = calculation;
  const rule = t(rounding === 'difference-of-floors-0.1' ? 'floor01' : 'floor1');
  const isOne = steps.length === 1;
  return (
    <Stack gap={4}>
      {steps.map((step, at) => (
        <div key={`${segments[at]?.meterSerial} ${segments[at]?.fromAt}`}>
          <Text size="xs" c="dimmed">
            {isOne ? null : t('meter', { serial: segments[at]?.meterSerial ?? '' })}
            {isOne ? null : <br />}
            <Registers segment={segments[at]} />
          </Text>
          <p className={classes.formula}>
            <Step step={step} rule={isOne && sum === null ? rule : undefined} />
          </p>
          {step.read === null ? null : (
            <Text size="sm">{t('rolledOver', { read: step.read, to: step.to })}</Text>
          )}
        </div>
      ))}
      {isOne ? null : (
        <p className={classes.formula}>
          <Sum steps={steps} sum={sum ?? usageM3} rule={sum === null ? rule : undefined} />
        </p>
      )}
      {sum === null ? null : (
        <p className={classes.formula}>
          {t('withRule', { text: t('rounded', { sum, usage: usageM3 }), rule })}
        </p>
      )}
      <Besides row={row} />
      {row.quality === 'awaited' ? (
        <Text size="sm">{t('draft', { day: time.day(row.closesOn) })}</Text>
      ) : null}
    </Stack>
  );
}

/** What multiplies the volume, and what is billed beside it. */
function Besides({ row }: Pick<UsageCalculationProps, 'row'>) {
  const t = useTranslations('closing.row.calculation');
  const { registerM3, volumeFactor, usageM3, correctionL } = row;
  return (
    <>
      {registerM3 === null || volumeFactor === null || usageM3 === null ? null : (
        <p className={classes.formula}>
          {t('withRule', {
            text: t('factor', { register: registerM3, factor: volumeFactor, usage: usageM3 }),
            rule: t('factorRule'),
          })}
        </p>
      )}
      {correctionL === null ? null : (
        <Text size="sm">{t('correction', { correction: signedM3(correctionL) })}</Text>
      )}
    </>
  );
}

/** The two registers as they were read, which the calculation cuts. */
function Registers({
  segment,
}: {
  segment: ClosingExplanationWire['segments'][number] | undefined;
}) {
  const t = useTranslations('closing.row.calculation');
  const time = useClosingTime();
  if (!segment || segment.fromL === null || segment.toL === null) return null;
  const at = (instant: string | null, entered: boolean) => {
    const text = instant === null ? t('unknownTime') : time.reading(instant);
    return entered ? t('entered', { at: text }) : text;
  };
  return t('registers', {
    ...{ from: formatIndexM3(segment.fromL), fromAt: at(segment.fromAt, segment.fromEntered) },
    ...{ to: formatIndexM3(segment.toL), toAt: at(segment.toAt, segment.toEntered) },
  });
}

function Step({ step, rule }: { step: BilledStep; rule: string | undefined }) {
  const t = useTranslations('closing.row.calculation');
  const { from, to, difference } = step;
  const text = t('step', { from, to, difference });
  return rule === undefined ? text : t('withRule', { text, rule });
}

interface SumProps {
  steps: readonly BilledStep[];
  sum: string;
  rule: string | undefined;
}

function Sum({ steps, sum, rule }: SumProps) {
  const t = useTranslations('closing.row.calculation');
  const terms = steps
    .map(({ difference }) => difference)
    .join(' + ')
    .replaceAll('+ -', '− ');
  const text = t('sum', { terms, sum });
  return rule === undefined ? text : t('withRule', { text, rule });
}
