'use client';

import { MantineProvider, mergeThemeOverrides, Pagination } from '@mantine/core';
import { DatesProvider } from '@mantine/dates';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import 'dayjs/locale/ja';
import { useLocale, useTranslations } from 'next-intl';
import { type ReactNode, useMemo, useState } from 'react';
import { isWorthRetrying, retryDelayMs } from './retry.ts';
import { cssVariables, theme } from './theme.ts';

/** The theme with translated screen-reader labels for those that Mantine leaves empty. */
function useSpokenTheme() {
  const t = useTranslations('common.paging');
  return useMemo(() => {
    const getControlProps = (control: 'first' | 'previous' | 'next' | 'last') => ({
      'aria-label': t(control),
    });
    const components = { Pagination: Pagination.extend({ defaultProps: { getControlProps } }) };
    return mergeThemeOverrides(theme, { components });
  }, [t]);
}

/** Providers of every page: theme, dates in the page's language, notifications, query cache. */
export function Providers({ nonce, children }: { nonce?: string; children: ReactNode }) {
  const locale = useLocale();
  const spokenTheme = useSpokenTheme();
  const [queryClient] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            staleTime: 30_000,
            retry: isWorthRetrying,
            retryDelay: (failures, error) => retryDelayMs(failures, error, Math.random()),
            refetchOnWindowFocus: true,
          },
        },
      }),
  );
  return (
    <MantineProvider
      theme={spokenTheme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      {...(nonce && { getStyleNonce: () => nonce })}
    >
      <DatesProvider settings={{ locale, firstDayOfWeek: 0 }}>
        <QueryClientProvider client={queryClient}>
          <Notifications position="bottom-right" />
          {children}
        </QueryClientProvider>
      </DatesProvider>
    </MantineProvider>
  );
}
