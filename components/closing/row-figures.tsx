'use client';

import { Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { formatIndexM3 } from '../../lib/closing/billed-usage.ts';
import type { ClosingExplanationWire } from '../../lib/closing/closing-wire.ts';
import classes from './closing.module.css';
import { useClosingTime } from './use-closing-time.ts';

/** The figures of a row, each with its kind: 実, 代用, 推定, 認定, 手入力, 取替前, 取替後. */
export function RowFigures({ figures }: Pick<ClosingExplanationWire, 'figures'>) {
  const t = useTranslations('closing.row.figures');
  if (figures.length === 0) return <Text size="sm">{t('none')}</Text>;
  return (
    <ul className={classes.figures}>
      {figures.map((figure) => (
        <Text
          component="li"
          size="sm"
          key={`${figure.figure} ${figure.at}`}
          data-figure={figure.figure}
        >
          <Figure figure={figure} />
        </Text>
      ))}
    </ul>
  );
}

function Figure({ figure }: { figure: ClosingExplanationWire['figures'][number] }) {
  const t = useTranslations('closing.row.figures');
  const time = useClosingTime();
  const { at, runId, supersededByL } = figure;
  const text = t('figure', {
    ...{ name: t(`name.${figure.figure}`), kind: t(`kind.${figure.kind}`) },
    value: formatIndexM3(figure.litres),
  });
  const details = [
    ...(at === null ? [] : [time.reading(at)]),
    ...(runId === null ? [] : [t('issued', { run: runId })]),
    ...(supersededByL === null ? [] : [t('superseded', { by: signedM3(supersededByL) })]),
  ];
  return (
    <>
      {text}
      {details.length === 0 ? null : (
        <Text component="span" size="xs" c="dimmed" display="block">
          {details.join(t('joint'))}
        </Text>
      )}
    </>
  );
}

/** Litres as m³ with their sign: +1.500, −3.000. */
export function signedM3(litres: number): string {
  return `${litres < 0 ? '−' : '+'}${formatIndexM3(Math.abs(litres))}`;
}
