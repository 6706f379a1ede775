'use client';

import { Box, Container, Group, Text } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { UserMenu } from '../../components/shell/user-menu.tsx';
import { rememberLocale } from '../preferences.ts';
import { useSignOut } from '../use-sign-out.ts';

export interface HouseholdFrameProps {
  utilityName: string;
  customerNumber: string;
  children: ReactNode;
}

/** Frame of a household's pages: name of the utility, customer number, sign-out. */
export function HouseholdFrame({ utilityName, customerNumber, children }: HouseholdFrameProps) {
  const t = useTranslations('common');
  const signOut = useSignOut('/my/sign-in');
  return (
    <>
      <Box component="header" className="no-print">
        <a href="#main" className="skip-link">
          {t('navigation.skip')}
        </a>
        <Container size={720} py="xs">
          <Group justify="space-between" wrap="nowrap">
            <Text fw={600} truncate>
              {utilityName}
            </Text>
            <UserMenu
              name={`${t('search.customerNumber')} ${customerNumber}`}
              onLocale={rememberLocale}
              onSignOut={signOut}
            />
          </Group>
        </Container>
      </Box>
      <Container component="main" id="main" size={720} pb="xl">
        {children}
      </Container>
    </>
  );
}
