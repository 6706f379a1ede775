'use client';

import { notifications } from '@mantine/notifications';
import { useTranslations } from 'next-intl';
import { ApiError, apiDelete } from './api-client.ts';

/** Ends the session here or everywhere, then loads `to` anew, so that nothing of the session stays in the page. */
export function useSignOut(to: string): (where: 'here' | 'everywhere') => void {
  const t = useTranslations('common.user');
  const signOut = async (where: 'here' | 'everywhere'): Promise<void> => {
    try {
      await apiDelete(where === 'here' ? '/session' : '/sessions', {});
    } catch (error) {
      const isOver = error instanceof ApiError && error.code === 'unauthenticated';
      if (!isOver) {
        notifications.show({ color: 'danger', message: t('signOutFailed') });
        return;
      }
    }
    window.location.assign(to);
  };
  return (where) => void signOut(where);
}
