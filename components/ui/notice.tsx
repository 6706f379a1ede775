import { Center, Stack, Text, Title } from '@mantine/core';
import { Inbox, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export interface NoticeProps {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** 1 where the notice is the whole page. */
  order?: 1 | 2;
}

/** A page or part of one that has something to say in place of its content. */
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

/** Says why there is nothing, and what would fill it. */
export function EmptyState(props: Omit<NoticeProps, 'icon'> & { icon?: LucideIcon }) {
  return <Notice {...props} icon={props.icon ?? Inbox} />;
}
