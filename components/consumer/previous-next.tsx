'use client';

import { Button, Title } from '@mantine/core';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import classes from './consumer.module.css';

interface PreviousNextProps {
  /** Accessible name of the whole. */
  label: string;
  title: ReactNode;
  order: 1 | 2;
  previous: Direction;
  next: Direction;
}

interface Direction {
  /** Short text, hidden on a small screen with large letters. */
  text: string;
  /** Full description, for screen readers. */
  label: string;
  /** Undefined when there is nothing further. */
  onSelect?: (() => void) | undefined;
}

/** A title between a previous and a next button: months, days. */
export function PreviousNext({ label, title, order, previous, next }: PreviousNextProps) {
  return (
    <nav className={classes.months} aria-label={label}>
      <Button
        variant="subtle"
        px={6}
        className={classes.previousNext}
        disabled={!previous.onSelect}
        leftSection={<ChevronLeft size={18} aria-hidden />}
        aria-label={previous.label}
        onClick={previous.onSelect}
      >
        <span className={classes.previousNextText}>{previous.text}</span>
      </Button>
      <Title order={order} size="h3" ta="center">
        {title}
      </Title>
      <Button
        variant="subtle"
        px={6}
        className={classes.previousNext}
        disabled={!next.onSelect}
        rightSection={<ChevronRight size={18} aria-hidden />}
        aria-label={next.label}
        onClick={next.onSelect}
      >
        <span className={classes.previousNextText}>{next.text}</span>
      </Button>
    </nav>
  );
}
