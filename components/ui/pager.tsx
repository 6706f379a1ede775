'use client';

import { Group, Pagination, Text } from '@mantine/core';

interface PageStepsProps {
  total: number;
  size: number;
  offset: number;
  /** 1–50 / 200 */
  label: string;
  onOffset: (offset: number) => void;
}

/** Where one is in a long list, and the way through it; nothing while it fits one page. */
export function PageSteps({ total, size, offset, label, onOffset }: PageStepsProps) {
  if (total <= size) return null;
  return (
    <Group justify="space-between" mt="sm">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Pagination
        size="sm"
        total={Math.ceil(total / size)}
        value={Math.floor(offset / size) + 1}
        onChange={(page) => onOffset((page - 1) * size)}
      />
    </Group>
  );
}
