'use client';

import { Button, Modal, Stack, Switch, Text } from '@mantine/core';
import { Keyboard } from 'lucide-react';
import { useTranslations } from 'next-intl';
import classes from './work-list.module.css';

/** Keys of the page with the text of what they do. */
const KEYS = [
  ['j', 'nextItem'],
  ['k', 'previousItem'],
  ['1 2 3', 'choose'],
  ['Enter', 'confirm'],
  ['u', 'undo'],
  ['/', 'search'],
  ['?', 'help'],
] as const;

export interface KeysHelpProps {
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
  /** Whether single keys act; a person may turn them off. */
  isOn: boolean;
  onOn: (isOn: boolean) => void;
}

/** The keys of the page, and the switch that turns them off. */
export function KeysHelp({ isOpen, onOpen, isOn, onOn }: KeysHelpProps) {
  const t = useTranslations('check.keys');
  return (
    <>
      <Button
        variant="subtle"
        size="compact-sm"
        visibleFrom="sm"
        leftSection={<Keyboard size={16} aria-hidden />}
        onClick={() => onOpen(true)}
      >
        {t('open')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => onOpen(false)}
        title={t('title')}
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        <Stack gap="sm">
          <dl className={classes.facts}>
            {KEYS.map(([key, name]) => (
              <div key={name} style={{ display: 'contents' }}>
                <dt>
                  <kbd className={classes.key}>{key}</kbd>
                </dt>
                <Text component="dd" size="sm">
                  {t(name)}
                </Text>
              </div>
            ))}
          </dl>
          <Switch
            label={t('use')}
            checked={isOn}
            onChange={({ currentTarget }) => onOn(currentTarget.checked)}
          />
        </Stack>
      </Modal>
    </>
  );
}
