import { Center, Stack, Text, Title } from '@mantine/core';
import { Inbox, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export interface NoticeProps {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** 1 when the notice is the whole page. */
  order?: 1 | 2;
}

/** Message shown in place of a page or part of it. */
export function Notice({ icon: Icon, title, children, action, order = 2 }: NoticeProps) {
  return (
    <Center py={48} px="md">
      <Stack gap="xs" align="center" maw={480} ta="center">
        <Icon size={36} strokeWidth={1.5} color="var(--mantine-color-dimmed)" aria-hidden />
        <Title order={order} size="h3">
          {title}
        </Title>
        <Text c="dimmed" component="div">
          {children}
        </Text>
        {action}
      </Stack>
    </Center>
  );
}

/** Message that a list is empty, and what would fill it. */
export function EmptyState(props: Omit<NoticeProps, 'icon'> & { icon?: LucideIcon }) {
  return <Notice {...props} icon={props.icon ?? Inbox} />;
}
