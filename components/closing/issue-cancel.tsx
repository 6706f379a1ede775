'use client';

import { Button, Group, Modal, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslations } from 'next-intl';

/** Cancels an issue after it was confirmed. */
export function IssueCancel({ isBusy, onCancel }: { isBusy: boolean; onCancel: () => void }) {
  const t = useTranslations('closing.issue');
  const [isOpen, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={open} loading={isBusy}>
        {t('cancel')}
      </Button>
      {/* Without Mantine's header, which would be a second banner landmark of the page. */}
      <Modal
        opened={isOpen}
        onClose={close}
        withCloseButton={false}
        attributes={{ content: { 'aria-label': t('cancelTitle') } }}
      >
        <Stack gap="md">
          <Title order={2} size="h4">
            {t('cancelTitle')}
          </Title>
          <Text>{t('cancelText')}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('keep')}
            </Button>
            <Button
              color="danger"
              onClick={() => {
                close();
                onCancel();
              }}
            >
              {t('cancel')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
