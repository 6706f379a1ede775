'use client';

import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ClosingDownloadProps } from '../../../components/closing/closing-download.tsx';
import { apiQuery } from '../../api-query.ts';

/** Layouts of the utility in which files can be saved, none until they are known; and the links to their page and to that of estimation. */
export function useOfferedLayouts(): Pick<ClosingDownloadProps, 'layouts' | 'layoutsLink'> {
  const t = useTranslations('closing.download');
  const { data } = useQuery(apiQuery('/closings/layouts', {}));
  return {
    layouts: (data?.layouts ?? []).filter(
      ({ removedAt, body }) => removedAt === null && body !== null,
    ),
    layoutsLink: (
      <>
        <Anchor component={Link} href="/closing/layouts" size="xs" underline="always">
          {t('layouts')}
        </Anchor>
        {' ・ '}
        <Anchor component={Link} href="/closing/estimation" size="xs" underline="always">
          {t('estimation')}
        </Anchor>
      </>
    ),
  };
}
