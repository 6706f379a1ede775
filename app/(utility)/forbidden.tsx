import { Button } from '@mantine/core';
import { Lock } from 'lucide-react';
import { getTranslations } from 'next-intl/server';
import { Notice } from '../../components/ui/notice.tsx';

/** 403 page of a signed-in user: says what to do and links to the user's first page. */
export default async function Forbidden() {
  const t = await getTranslations('common');
  return (
    <Notice
      icon={Lock}
      order={1}
      title={t('problem.forbidden.title')}
      action={
        <Button component="a" href="/" variant="default">
          {t('state.backHome')}
        </Button>
      }
    >
      {t('problem.forbidden.detail')}
    </Notice>
  );
}
