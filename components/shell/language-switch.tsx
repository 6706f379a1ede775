'use client';

import { Button } from '@mantine/core';
import { Languages } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useLocale, useTranslations } from 'next-intl';
import { useTransition } from 'react';

export interface LanguageSwitchProps {
  /** Stores the choice. */
  onChoose: (locale: string) => Promise<void>;
}

/** Switch to the other language, named in that language. */
export function LanguageSwitch({ onChoose }: LanguageSwitchProps) {
  const t = useTranslations('common');
  const other = useLocale() === 'ja' ? 'en' : 'ja';
  const router = useRouter();
  const [isChanging, change] = useTransition();
  const choose = () =>
    change(async () => {
      await onChoose(other);
      router.refresh();
    });
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      lang={other}
      leftSection={<Languages size={16} aria-hidden />}
      loading={isChanging}
      onClick={choose}
    >
      {t('user.language')}
    </Button>
  );
}
