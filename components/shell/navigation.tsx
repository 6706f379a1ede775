'use client';

import { Badge, NavLink, Text, VisuallyHidden } from '@mantine/core';
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
  /** Open items of an entry; none are shown for 0. */
  counts: Partial<Record<NavigationEntry['name'], number>>;
}

function entriesFor({ capabilities, path, counts }: NavigationProps) {
  return ENTRIES.filter(({ capability }) => capabilities.includes(capability)).map((entry) => ({
    ...entry,
    isHere: path === entry.href || path.startsWith(`${entry.href}/`),
    count: counts[entry.name] ?? 0,
  }));
}

/** Menu at the left on a desktop; its parent is the navigation landmark. */
export function SideNavigation(props: NavigationProps) {
  const t = useTranslations('common.navigation');
  return (
    <>
      {entriesFor(props).map(({ name, href, icon: Icon, isHere, count }) => (
        <NavLink
          key={name}
          component={Link}
          href={href}
          label={t(name)}
          leftSection={<Icon size={20} aria-hidden />}
          rightSection={<Count count={count} />}
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
      {entriesFor(props).map(({ name, href, icon: Icon, isHere, count }) => (
        <Link
          key={name}
          href={href}
          className={classes.tab}
          aria-current={isHere ? 'page' : undefined}
        >
          <span className={classes.tabIcon}>
            <Icon size={22} aria-hidden />
            <Count count={count} />
          </span>
          <Text span size="xs" lh={1.2}>
            {t(name)}
          </Text>
        </Link>
      ))}
    </nav>
  );
}

/** Greatest number that is shown as it is. */
const MOST_SHOWN = 999;

/** Number of open items beside an entry. */
function Count({ count }: { count: number }) {
  const t = useTranslations('common.navigation');
  if (count === 0) return null;
  return (
    <>
      <Badge size="sm" variant="filled" color="brand" aria-hidden>
        {count > MOST_SHOWN ? `${MOST_SHOWN}+` : count}
      </Badge>
      <VisuallyHidden>{t('count', { count })}</VisuallyHidden>
    </>
  );
}
