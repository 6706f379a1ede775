'use client';

import { MantineProvider, mergeThemeOverrides, Pagination } from '@mantine/core';
import { DatesProvider } from '@mantine/dates';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import 'dayjs/locale/ja';
import { useLocale, useTranslations } from 'next-intl';
import { type ReactNode, useMemo, useState } from 'react';
import { cssVariables, theme } from './theme.ts';

/** A refusal will not change by asking again; a lost connection may. */
function isWorthRetrying(failures: number, error: Error): boolean {
  const status = 'status' in error ? Number(error.status) : 0;
  return failures < 2 && (status === 0 || status === 503);
}

/** The theme with what Mantine leaves unnamed to a screen reader, in the page's language. */
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

/** What every page stands in: theme, dates in the page's language, notifications, the query cache. */
export function Providers({ nonce, children }: { nonce?: string; children: ReactNode }) {
  const locale = useLocale();
  const spokenTheme = useSpokenTheme();
  const [queryClient] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: { staleTime: 30_000, retry: isWorthRetrying, refetchOnWindowFocus: true },
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
