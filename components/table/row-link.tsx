'use client';

import Link from 'next/link';
import type { MouseEvent, ReactNode } from 'react';
import classes from './data-table.module.css';

export interface RowTarget {
  href: string;
  /** Where the address is on this very page: a plain click opens it without loading anything. */
  onOpen?: () => void;
}

/** The link of a row. It covers the whole row, so that all of it opens with a click, in a new tab with a middle click. */
export function RowLink({ target, children }: { target: RowTarget; children: ReactNode }) {
  const { href, onOpen } = target;
  const open = (event: MouseEvent) => {
    if (!onOpen || !isPlainClick(event)) return;
    event.preventDefault();
    onOpen();
  };
  // A page of the server is asked for when it is opened, not for each row that is seen.
  return (
    <Link href={href} prefetch={false} className={classes.rowLink} onClick={open}>
      {children}
    </Link>
  );
}

/** True unless the click asks for a new tab or window. */
export function isPlainClick(event: MouseEvent): boolean {
  const { button, metaKey, ctrlKey, shiftKey, altKey } = event;
  return button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey;
}
