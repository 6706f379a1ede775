import type { BarChartModel, BarSlot } from '../charts/chart-model.ts';
import classes from './consumer.module.css';
import type { Reader } from './usage-text.ts';

interface KeyEntry {
  name: string;
  swatch: string | undefined;
  isDrawn: (slot: BarSlot) => boolean;
}

/** Legend of the bars, with what the chart draws only. */
export function ChartKey({ model, reader: { t } }: { model: BarChartModel; reader: Reader }) {
  const isDaily = model.slots.every(({ at }) => at.hourEnding === null);
  const entries: KeyEntry[] = [
    { name: model.valueName, swatch: classes.usage, isDrawn: () => true },
    {
      name: model.ghostName ?? '',
      swatch: classes.ghost,
      isDrawn: () => model.ghostName !== undefined,
    },
    {
      name: t('key.lost'),
      swatch: classes.lost,
      isDrawn: ({ gap, awaited }) => gap !== undefined && !awaited,
    },
    { name: t('key.lacking'), swatch: classes.lacking, isDrawn: ({ lacking }) => lacking === true },
    {
      name: t(isDaily ? 'key.awaited' : 'key.awaitedHours'),
      swatch: classes.awaited,
      isDrawn: ({ gap, awaited }) => gap !== undefined && awaited === true,
    },
    { name: t('key.carried'), swatch: classes.carried, isDrawn: ({ hatched }) => hatched === true },
  ];
  return (
    <ul className={classes.key} aria-hidden>
      {entries
        .filter(({ isDrawn }) => model.slots.some(isDrawn))
        .map(({ name, swatch }) => (
          <li key={name}>
            <span className={`${classes.swatch} ${swatch}`} />
            {name}
          </li>
        ))}
    </ul>
  );
}
