'use client';

import { Anchor, AppShell, Group, Text } from '@mantine/core';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { BottomNavigation, SideNavigation } from '../../components/shell/navigation.tsx';
import { UserMenu } from '../../components/shell/user-menu.tsx';
import { TablePerson } from '../../components/table/table-view.ts';
import type { Capability, StaffRole } from '../../lib/actor.ts';
import type { WorkListWire } from '../../lib/work-list/work-list-wire.ts';
import { rememberLocale } from '../preferences.ts';
import { useSignOut } from '../use-sign-out.ts';
import { GlobalSearch } from './global-search.tsx';
import { useOpenWork } from './use-open-work.ts';

export interface StaffFrameProps {
  utilityName: string;
  displayName: string;
  /** Key under which the browser keeps the account's choices of table columns; different for each account. */
  person: string;
  role: StaffRole;
  /** The work-list as the page was made. */
  openWork: WorkListWire;
  capabilities: readonly Capability[];
  children: ReactNode;
}

/** Frame of every staff page: menu (at the left, on a phone at the bottom), search, user menu. */
export function StaffFrame(props: StaffFrameProps) {
  const { utilityName, displayName, person, role, capabilities, children } = props;
  const t = useTranslations('common');
  const path = usePathname();
  const counts = { check: useOpenWork(props.openWork) };
  const signOut = useSignOut('/sign-in');
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: true } }}
      footer={{ height: { base: 60, sm: 0 } }}
      padding={{ base: 'md', sm: 'lg' }}
    >
      <AppShell.Header className="no-print">
        <a href="#main" className="skip-link">
          {t('navigation.skip')}
        </a>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="sm">
          <Anchor component={Link} href="/" c="inherit" underline="never" miw={0}>
            <Text fw={600} truncate>
              {utilityName}
            </Text>
          </Anchor>
          <Group gap="xs" wrap="nowrap">
            {capabilities.includes('meter.read') && <GlobalSearch />}
            <UserMenu
              name={displayName}
              role={t(`roles.${role}`)}
              onLocale={rememberLocale}
              onSignOut={signOut}
            />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar
        p="xs"
        visibleFrom="sm"
        aria-label={t('navigation.label')}
        className="no-print"
      >
        <SideNavigation capabilities={capabilities} path={path} counts={counts} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <TablePerson value={person}>{children}</TablePerson>
      </AppShell.Main>
      <AppShell.Footer hiddenFrom="sm" className="no-print">
        <BottomNavigation capabilities={capabilities} path={path} counts={counts} />
      </AppShell.Footer>
    </AppShell>
  );
}
