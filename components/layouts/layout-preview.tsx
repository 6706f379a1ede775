'use client';

import { Alert, List, Stack, Text, Title } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { LayoutBody } from '../../lib/layouts/layout.ts';
import type { LayoutProblem, LayoutRow } from '../../lib/layouts/layout-cell.ts';
import { previewOf } from './layout-sample.ts';
import classes from './layouts.module.css';

export interface LayoutPreviewProps {
  body: LayoutBody;
  /** Rows of a closing; empty while they are fetched, or when there is none. */
  rows: readonly LayoutRow[];
  isLoading: boolean;
  /** Day of the closing whose rows are shown, in words. */
  day: string | undefined;
}

const FAULTS_SHOWN = 8;

/** The lines that a file would have, and the values that do not fit. */
export function LayoutPreview({ body, rows, isLoading, day }: LayoutPreviewProps) {
  const t = useTranslations('layouts.preview');
  const names = useTranslations('layouts.field');
  const { lines, faults } = previewOf(body, rows);
  return (
    <Stack component="section" gap="xs" aria-labelledby="layout-preview">
      <Title order={2} size="h4" id="layout-preview">
        {t('title')}
      </Title>
      <Text size="sm" c="dimmed">
        {rows.length > 0 && day !== undefined
          ? t('of', { day, count: rows.length })
          : t(isLoading ? 'loading' : 'none')}
      </Text>
      {/* Lines are longer than the page: the region is moved with the arrow keys. */}
      <section
        className={classes.preview}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keyboard.
        tabIndex={0}
        aria-label={t('lines')}
      >
        <pre className={classes.lines}>{lines.join('\n')}</pre>
      </section>
      {faults.length > 0 ? (
        <Alert color="danger" p="xs" title={t('faults', { count: faults.length })} role="status">
          <List size="sm">
            {faults.slice(0, FAULTS_SHOWN).map(({ row, column, value, problem }) => (
              <List.Item key={`${row}.${column}`}>
                {t('fault', {
                  ...{ row, value, what: problemWords(t, problem) },
                  column: problem.reason === 'correction' ? names('correction') : column,
                })}
              </List.Item>
            ))}
          </List>
        </Alert>
      ) : null}
    </Stack>
  );
}

type Translate = ReturnType<typeof useTranslations<'layouts.preview'>>;

function problemWords(t: Translate, problem: LayoutProblem): string {
  switch (problem.reason) {
    case 'digits':
      return t('problem.digits', { most: problem.most });
    case 'decimals':
      return t('problem.decimals', { most: problem.most });
    case 'width':
      return t('problem.width', { most: problem.most, needed: problem.needed });
    case 'code':
      return t('problem.code', { key: problem.of });
    case 'correction':
      return t('problem.correction');
    case 'same':
      return t('problem.same', { other: problem.other, written: problem.written });
    case 'separator':
      return t('problem.separator');
    case 'characters':
      return t('problem.characters', { characters: problem.characters.join('') });
  }
}
