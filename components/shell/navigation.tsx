'use client';

import { NavLink, Text } from '@mantine/core';
import {
  Activity,
  CalendarCheck,
  ClipboardCheck,
  Gauge,
  type LucideIcon,
  RadioTower,
} from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { Capability } from '../../lib/actor.ts';
import classes from './navigation.module.css';

interface NavigationEntry {
  name: 'collection' | 'pressure' | 'meters' | 'check' | 'closing';
  href: string;
  capability: Capability;
  icon: LucideIcon;
}

const ENTRIES: readonly NavigationEntry[] = [
  { name: 'collection', href: '/collection', capability: 'collection.read', icon: RadioTower },
  { name: 'pressure', href: '/pressure', capability: 'pressure.read', icon: Activity },
  { name: 'meters', href: '/meters', capability: 'meter.read', icon: Gauge },
  { name: 'check', href: '/check', capability: 'meter.read', icon: ClipboardCheck },
  { name: 'closing', href: '/closing', capability: 'closing.read', icon: CalendarCheck },
];

export interface NavigationProps {
  capabilities: readonly Capability[];
  /** Path of the current page, whose entry is highlighted. */
  path: string;
}

function entriesFor({ capabilities, path }: NavigationProps) {
  return ENTRIES.filter(({ capability }) => capabilities.includes(capability)).map((entry) => ({
    ...entry,
    isHere: path === entry.href || path.startsWith(`${entry.href}/`),
  }));
}

/** Menu at the left on a desktop; its parent is the navigation landmark. */
export function SideNavigation(props: NavigationProps) {
  const t = useTranslations('common.navigation');
  return (
    <>
      {entriesFor(props).map(({ name, href, icon: Icon, isHere }) => (
        <NavLink
          key={name}
          component={Link}
          href={href}
          label={t(name)}
          leftSection={<Icon size={20} aria-hidden />}
          active={isHere}
          aria-current={isHere ? 'page' : undefined}
          className={classes.side}
        />
      ))}
    </>
  );
}

/** The same menu as a bar at the bottom on a phone. */
export function BottomNavigation(props: NavigationProps) {
  const t = useTranslations('common.navigation');
  return (
    <nav aria-label={t('label')} className={classes.bar}>
      {entriesFor(props).map(({ name, href, icon: Icon, isHere }) => (
        <Link
          key={name}
          href={href}
          className={classes.tab}
          aria-current={isHere ? 'page' : undefined}
        >
          <Icon size={22} aria-hidden />
          <Text span size="xs" lh={1.2}>
            {t(name)}
          </Text>
        </Link>
      ))}
    </nav>
  );
}
