import { Group, Text, Title } from '@mantine/core';
import { CircleCheck, Info, OctagonAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

export type Tone = 'calm' | 'done' | 'attention' | 'danger';

const ICONS = { calm: Info, done: CircleCheck, attention: TriangleAlert, danger: OctagonAlert };

/** Icon of a tone, so that colour is never the only sign. */
export function ToneIcon({ tone, size = 20 }: { tone: Tone; size?: number }) {
  const Icon = ICONS[tone];
  const color = tone === 'calm' ? 'brand' : tone;
  return (
    <Icon
      size={size}
      aria-hidden
      color={`var(--mantine-color-${color}-text)`}
      style={{ flexShrink: 0 }}
    />
  );
}

export interface PageAnswerProps {
  /** Subject of the page: 収集状況. */
  title: string;
  /** The page's summary in one sentence. */
  children: ReactNode;
  tone?: Tone;
  /** Qualification of the summary: up to when, of what. */
  detail?: ReactNode;
  /** Controls at the right: period, download. */
  actions?: ReactNode;
}

/** Head of every page: its title and its summary in one sentence. */
export function PageAnswer({ title, children, tone = 'calm', detail, actions }: PageAnswerProps) {
  return (
    <Group component="header" justify="space-between" align="flex-start" gap="md" mb="lg">
      <div style={{ flex: '1 1 20rem', minWidth: 0 }}>
        <Title order={1} size="sm" c="dimmed" fw={500}>
          {title}
        </Title>
        <Group gap="xs" wrap="nowrap" align="flex-start" mt={2}>
          <span style={{ paddingTop: '0.35rem', display: 'flex' }}>
            <ToneIcon tone={tone} />
          </span>
          <Text fz="1.3rem" fw={600} lh={1.5} component="p" m={0}>
            {children}
          </Text>
        </Group>
        {detail && (
          <Text size="sm" c="dimmed" component="div">
            {detail}
          </Text>
        )}
      </div>
      {actions && <Group gap="xs">{actions}</Group>}
    </Group>
  );
}
