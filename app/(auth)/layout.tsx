import { Box, Container, Group, Paper, Text } from '@mantine/core';
import { getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { LanguageSwitch } from '../../components/shell/language-switch.tsx';
import { rememberLocale } from '../preferences.ts';

export default async function AuthLayout({ children }: { children: ReactNode }) {
  const t = await getTranslations('common');
  return (
    <Box component="main" id="main" py={{ base: 'lg', sm: 64 }}>
      <Container size={440}>
        <Group justify="space-between" mb="md">
          <Text fw={600}>
            {t('product')}{' '}
            <Text span c="dimmed" size="sm" fw={400}>
              {t('productDescription')}
            </Text>
          </Text>
          <LanguageSwitch onChoose={rememberLocale} />
        </Group>
        <Paper withBorder p={{ base: 'md', sm: 'xl' }} radius="md">
          {children}
        </Paper>
      </Container>
    </Box>
  );
}
