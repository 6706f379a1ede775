import { Button } from '@mantine/core';
import { Lock } from 'lucide-react';
import { getTranslations } from 'next-intl/server';
import { Notice } from '../../components/ui/notice.tsx';

/** Signed in, but not for this page: says what to do, and leads back to one's own. */
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
