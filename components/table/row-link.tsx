'use client';

import Link from 'next/link';
import type { MouseEvent, ReactNode } from 'react';
import classes from './data-table.module.css';

export interface RowTarget {
  href: string;
  /** Opens an address of the same page on a plain click without loading anything. */
  onOpen?: () => void;
}

/** Link of a row. It covers the whole row: a click opens it, a middle click opens a new tab. */
export function RowLink({ target, children }: { target: RowTarget; children: ReactNode }) {
  const { href, onOpen } = target;
  const open = (event: MouseEvent) => {
    if (!onOpen || !isPlainClick(event)) return;
    event.preventDefault();
    onOpen();
  };
  // No prefetch: the target is loaded on a click, not for each visible row.
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
