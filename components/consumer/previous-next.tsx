'use client';

import { Button, Title } from '@mantine/core';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import classes from './consumer.module.css';

interface StepsProps {
  /** Accessible name of the whole. */
  label: string;
  title: ReactNode;
  order: 1 | 2;
  previous: Step;
  next: Step;
}

interface Step {
  /** Short text, hidden on a small screen with large letters. */
  text: string;
  /** Full description, for screen readers. */
  label: string;
  /** Undefined when there is nothing further. */
  onStep?: (() => void) | undefined;
}

/** A title between a previous and a next button: months, days. */
export function Steps({ label, title, order, previous, next }: StepsProps) {
  return (
    <nav className={classes.months} aria-label={label}>
      <Button
        variant="subtle"
        px={6}
        className={classes.step}
        disabled={!previous.onStep}
        leftSection={<ChevronLeft size={18} aria-hidden />}
        aria-label={previous.label}
        onClick={previous.onStep}
      >
        <span className={classes.stepText}>{previous.text}</span>
      </Button>
      <Title order={order} size="h3" ta="center">
        {title}
      </Title>
      <Button
        variant="subtle"
        px={6}
        className={classes.step}
        disabled={!next.onStep}
        rightSection={<ChevronRight size={18} aria-hidden />}
        aria-label={next.label}
        onClick={next.onStep}
      >
        <span className={classes.stepText}>{next.text}</span>
      </Button>
    </nav>
  );
}
