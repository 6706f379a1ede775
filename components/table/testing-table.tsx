/** A table for tests without a browser: theme, texts, and a list of meters as the server returns it. */
import { MantineProvider } from '@mantine/core';
import { render } from '@testing-library/react';
import { NextIntlClientProvider } from 'next-intl';
import type { ReactNode } from 'react';
import { loadMessages } from '../../lib/i18n/messages.ts';
import type { DataColumn } from './data-column.ts';
import { TablePerson } from './table-view.ts';

const messages = await loadMessages('ja');

export interface Thing {
  id: number;
  number: string;
  district: string;
  volts: string;
}

export type ThingSort = 'number' | 'volts';

export const THINGS: Thing[] = [
  { id: 1, number: '001010', district: '港町, 一丁目', volts: '3.49' },
  { id: 2, number: '001020', district: '=1+1', volts: '' },
];

export const COLUMNS: DataColumn<Thing, ThingSort>[] = [
  {
    id: 'number',
    name: '番号',
    kind: 'identifier',
    sort: 'number',
    text: ({ number }) => number,
    phone: 'title',
    fixed: true,
  },
  { id: 'place', name: '場所', text: ({ district }) => district, phone: 'line' },
  {
    id: 'volts',
    name: '電池',
    unit: 'V',
    kind: 'figure',
    sort: 'volts',
    text: ({ volts }) => volts,
    phone: 'fact',
  },
  { id: 'id', name: '内部番号', text: ({ id }) => String(id), extra: true, phone: 'none' },
];

export function renderInPage(children: ReactNode, person = 'staff:1') {
  const page = (content: ReactNode) => (
    <NextIntlClientProvider locale="ja" messages={messages} timeZone="Asia/Tokyo">
      <MantineProvider env="test">
        <TablePerson value={person}>{content}</TablePerson>
      </MantineProvider>
    </NextIntlClientProvider>
  );
  const { rerender, ...rendered } = render(page(children));
  return { ...rendered, rerender: (content: ReactNode) => rerender(page(content)) };
}

/** Sets the width of the window, in pixels: that of a phone or a desktop. */
export function setWindowWidth(width: number): void {
  // happy-dom's window has this property besides those of a browser.
  const { happyDOM } = window as unknown as {
    happyDOM: { setViewport(size: { width: number }): void };
  };
  happyDOM.setViewport({ width });
}
