import { Button } from '@mantine/core';
import { FileQuestionMark } from 'lucide-react';
import { getTranslations } from 'next-intl/server';
import { Notice } from '../components/ui/notice.tsx';

export default async function NotFound() {
  const t = await getTranslations('common');
  return (
    <main id="main">
      <Notice
        icon={FileQuestionMark}
        order={1}
        title={t('notFound.title')}
        action={
          <Button component="a" href="/" variant="default">
            {t('state.backHome')}
          </Button>
        }
      >
        {t('notFound.detail')}
      </Notice>
    </main>
  );
}
