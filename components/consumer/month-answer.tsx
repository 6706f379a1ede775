'use client';

import { Alert, Stack, Text } from '@mantine/core';
import { CircleHelp, Equal, Info, TrendingDown, TrendingUp } from 'lucide-react';
import type { OwnMonthWire } from '../../lib/usage/usage-wire.ts';
import { cubicMetresShown } from '../text/figure-text.ts';
import classes from './consumer.module.css';
import { FiguresKept } from './figures-kept.tsx';
import type { Against, Sentence } from './month-sentences.ts';
import {
  attentionSentences,
  comparisonSentence,
  dailySentences,
  headline,
  reachSentences,
} from './month-sentences.ts';
import type { Reader } from './usage-text.ts';

interface MonthAnswerProps {
  own: OwnMonthWire;
  against: Against;
  reader: Reader;
}

/** Summary of the month: one large number, one sentence, and the time up to which they count. */
export function MonthAnswer({ own, against, reader }: MonthAnswerProps) {
  const { t } = reader;
  const { totalL } = own.usage;
  return (
    <Stack gap={4}>
      <Text component="h2" fw={500} fz="1rem">
        {headline(own, reader)}
      </Text>
      <p className={classes.figure}>
        <span className={classes.figureNumber}>
          {totalL === null ? t('unknownTotal') : cubicMetresShown(totalL)}
        </span>
        <span className={classes.figureUnit}>{t('unit')}</span>
      </p>
      <ComparisonLine sentence={comparisonSentence(own, against, reader)} />
      {dailySentences(own, reader).map((sentence) => (
        <Text key={sentence} fz="0.9375rem">
          <FiguresKept>{sentence}</FiguresKept>
        </Text>
      ))}
      {reachSentences(own, reader).map((sentence) => (
        <Text key={sentence} c="dimmed" fz="0.9375rem">
          {sentence}
        </Text>
      ))}
    </Stack>
  );
}

const TONE_ICONS = {
  less: TrendingDown,
  more: TrendingUp,
  same: Equal,
  unknown: CircleHelp,
} as const;

function ComparisonLine({ sentence }: { sentence: Sentence }) {
  const Icon = TONE_ICONS[sentence.tone];
  return (
    <div className={classes.sentence}>
      <Icon size={22} aria-hidden />
      <span>
        <FiguresKept>{sentence.text}</FiguresKept>
      </span>
    </div>
  );
}

/** Notes on the reliability of the figures; nothing in an ordinary month. */
export function MonthAttention({ own, reader }: { own: OwnMonthWire; reader: Reader }) {
  const sentences = attentionSentences(own, reader);
  if (sentences.length === 0) return null;
  return (
    <Alert
      variant="light"
      color="gray"
      icon={<Info size={20} aria-hidden />}
      title={reader.t('attention.title')}
    >
      {sentences.map((sentence) => (
        <Text key={sentence}>{sentence}</Text>
      ))}
    </Alert>
  );
}
