'use client';

import {
  Button,
  Menu,
  MenuDivider,
  MenuDropdown,
  MenuItem,
  MenuLabel,
  MenuTarget,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { ChevronDown, Languages, LogOut, MonitorX, Moon, Sun, UserRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useLocale, useTranslations } from 'next-intl';
import { useTransition } from 'react';

export interface UserMenuProps {
  name: string;
  /** Name of the role, if any. */
  role?: string;
  onLocale: (locale: string) => Promise<void>;
  onSignOut: (where: 'here' | 'everywhere') => void;
}

/** Menu of the signed-in user: language, brightness, sign-out. */
export function UserMenu({ name, role, onLocale, onSignOut }: UserMenuProps) {
  const t = useTranslations('common.user');
  return (
    <Menu
      position="bottom-end"
      width={280}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <MenuTarget>
        <Button
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          px="xs"
          aria-label={t('menu', { name })}
          leftSection={<UserRound size={18} aria-hidden />}
          rightSection={<ChevronDown size={16} aria-hidden />}
        >
          <Text span size="sm" visibleFrom="sm" maw={180} truncate>
            {name}
          </Text>
        </Button>
      </MenuTarget>
      <MenuDropdown>
        <MenuLabel>
          {name}
          {role && ` · ${role}`}
        </MenuLabel>
        <LocaleItem onLocale={onLocale} />
        <BrightnessItem />
        <MenuDivider />
        <MenuItem leftSection={<LogOut size={16} aria-hidden />} onClick={() => onSignOut('here')}>
          {t('signOut')}
        </MenuItem>
        <MenuItem
          leftSection={<MonitorX size={16} aria-hidden />}
          onClick={() => onSignOut('everywhere')}
        >
          {t('signOutEverywhere')}
        </MenuItem>
      </MenuDropdown>
    </Menu>
  );
}

function LocaleItem({ onLocale }: Pick<UserMenuProps, 'onLocale'>) {
  const t = useTranslations('common.user');
  const other = useLocale() === 'ja' ? 'en' : 'ja';
  const router = useRouter();
  const [, change] = useTransition();
  const choose = () =>
    change(async () => {
      await onLocale(other);
      router.refresh();
    });
  return (
    <MenuItem lang={other} leftSection={<Languages size={16} aria-hidden />} onClick={choose}>
      {t('language')}
    </MenuItem>
  );
}

function BrightnessItem() {
  const t = useTranslations('common.user');
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  const Icon = isDark ? Sun : Moon;
  return (
    <MenuItem
      leftSection={<Icon size={16} aria-hidden />}
      onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
    >
      {t(isDark ? 'light' : 'dark')}
    </MenuItem>
  );
}
