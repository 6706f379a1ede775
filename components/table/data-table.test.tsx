// @vitest-environment happy-dom
import type { RowSelectionState } from '@tanstack/react-table';
import { cleanup, fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { saveCsv } from '../charts/save-picture.ts';
import { DataTable } from './data-table.tsx';
import type { TableOrder } from './table-head.tsx';
import {
  COLUMNS,
  renderInPage,
  setWindowWidth,
  THINGS,
  type Thing,
  type ThingSort,
} from './testing-table.tsx';

// Mocked, because saving a file needs a real browser.
vi.mock('../charts/save-picture.ts', () => ({ saveCsv: vi.fn() }));

// Each click renders many times, and the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

beforeEach(() => localStorage.clear());
afterEach(() => {
  cleanup();
  setWindowWidth(1280);
  vi.mocked(saveCsv).mockClear();
});

const TABLE = {
  name: 'things',
  caption: '物の一覧',
  columns: COLUMNS,
  rows: THINGS,
  idOf: ({ id }: Thing) => String(id),
};

const heads = () => screen.getAllByRole('columnheader').map(({ textContent }) => textContent);
const rowOf = (number: string) => screen.getByText(number).closest('tr')!;

describe('a data table', () => {
  it('shows its caption, its columns with units, and a dash for a missing value', () => {
    renderInPage(<DataTable {...TABLE} />);
    expect(screen.getByRole('table', { name: '物の一覧' })).toBeTruthy();
    expect(heads()).toEqual(['番号', '場所', '電池(V)']);
    expect(within(rowOf('001020')).getAllByRole('cell').at(-1)?.textContent).toBe('—');
  });

  it('has no checkboxes without an action for selected rows', () => {
    renderInPage(<DataTable {...TABLE} />);
    expect(screen.queryByRole('checkbox')).toBeNull();
  });
});

describe('the order of a data table', () => {
  function order(change: Partial<TableOrder<ThingSort>> = {}): TableOrder<ThingSort> {
    return {
      sort: 'number',
      descending: false,
      hrefOf: (sort, descending) => `/things?sort=${sort}&order=${descending ? 'desc' : 'asc'}`,
      onOrder: vi.fn(),
      ...change,
    };
  }

  it('is marked at each sortable column', () => {
    renderInPage(<DataTable {...TABLE} order={order({ sort: 'volts', descending: true })} />);
    const states = screen
      .getAllByRole('columnheader')
      .map((head) => head.getAttribute('aria-sort'));
    expect(states).toEqual(['none', null, 'descending']);
  });

  it('changes with a click on the head, the other way round with the next one', async () => {
    const given = order();
    const { rerender } = renderInPage(<DataTable {...TABLE} order={given} />);
    await userEvent.click(screen.getByRole('link', { name: /電池/ }));
    expect(given.onOrder).toHaveBeenLastCalledWith('volts', false);
    rerender(<DataTable {...TABLE} order={{ ...given, sort: 'volts' }} />);
    await userEvent.click(screen.getByRole('link', { name: /電池/ }));
    expect(given.onOrder).toHaveBeenLastCalledWith('volts', true);
  });

  it('is a link that a middle click or the keyboard opens elsewhere', () => {
    const given = order();
    renderInPage(<DataTable {...TABLE} order={given} />);
    const link = screen.getByRole('link', { name: /番号/ });
    expect(link.getAttribute('href')).toBe('/things?sort=number&order=desc');
    const isLeft = fireEvent.click(link, { ctrlKey: true });
    expect(isLeft).toBe(true);
    expect(given.onOrder).not.toHaveBeenCalled();
  });

  it('is chosen from a list on a phone, where the head is hidden', async () => {
    setWindowWidth(390);
    const given = order();
    renderInPage(<DataTable {...TABLE} order={given} />);
    const choice = screen.getByRole('combobox', { name: '並べ替え' });
    await userEvent.selectOptions(choice, '電池 降順');
    expect(given.onOrder).toHaveBeenCalledWith('volts', true);
  });
});

describe('a row of a data table', () => {
  it('is a link to its subject, named by its first value', () => {
    renderInPage(<DataTable {...TABLE} targetOf={({ id }) => ({ href: `/things/${id}` })} />);
    const link = within(rowOf('001020')).getByRole('link', { name: '001020' });
    expect(link.getAttribute('href')).toBe('/things/2');
    expect(screen.getAllByRole('link')).toHaveLength(2);
  });

  it('of the same page loads nothing on a plain click, and leaves other clicks to the browser', () => {
    const onOpen = vi.fn();
    renderInPage(<DataTable {...TABLE} targetOf={() => ({ href: '/things?day=1', onOpen })} />);
    const link = within(rowOf('001010')).getByRole('link');
    expect(fireEvent.click(link)).toBe(false);
    expect(onOpen).toHaveBeenCalledTimes(1);
    fireEvent.click(link, { metaKey: true });
    expect(onOpen).toHaveBeenCalledTimes(1);
  });

  it('is shown on a phone as its columns say: title, named values, a line, and not the rest', () => {
    renderInPage(<DataTable {...TABLE} />);
    const cells = within(rowOf('001010')).getAllByRole('cell');
    expect(cells.map(({ dataset: { phone, label, unit } }) => [phone, label, unit])).toEqual([
      ['title', '番号', undefined],
      ['line', '場所', undefined],
      ['fact', '電池', 'V'],
    ]);
  });
});

describe('the choice of columns of a data table', () => {
  async function toggle(name: string) {
    await userEvent.click(screen.getByRole('button', { name: '表示する列' }));
    await userEvent.click(await screen.findByRole('checkbox', { name }));
  }

  it('hides and shows columns except the one that names the row, and can be reset', async () => {
    renderInPage(<DataTable {...TABLE} />);
    await toggle('場所');
    expect(heads()).toEqual(['番号', '電池(V)']);
    const offered = screen.getAllByRole('checkbox').map((box) => box.closest('div')?.textContent);
    expect(offered).not.toContain('番号');
    await userEvent.click(screen.getByRole('checkbox', { name: '内部番号' }));
    expect(heads()).toEqual(['番号', '電池(V)', '内部番号']);
    await userEvent.click(screen.getByRole('button', { name: 'はじめの表示に戻す' }));
    expect(heads()).toEqual(['番号', '場所', '電池(V)']);
  });

  it('is stored for this person and this table only', async () => {
    renderInPage(<DataTable {...TABLE} />);
    await toggle('場所');
    cleanup();
    renderInPage(<DataTable {...TABLE} />);
    expect(heads()).toEqual(['番号', '電池(V)']);
    cleanup();
    renderInPage(<DataTable {...TABLE} name="others" />);
    expect(heads()).toEqual(['番号', '場所', '電池(V)']);
    cleanup();
    renderInPage(<DataTable {...TABLE} />, 'staff:2');
    expect(heads()).toEqual(['番号', '場所', '電池(V)']);
  });

  it('includes the spacing of the rows', async () => {
    renderInPage(<DataTable {...TABLE} />);
    expect(screen.getByRole('table').dataset.density).toBe('normal');
    await userEvent.click(screen.getByRole('button', { name: '表示する列' }));
    await userEvent.click(await screen.findByRole('radio', { name: '狭い' }));
    expect(screen.getByRole('table').dataset.density).toBe('compact');
  });
});

describe('the file of a data table', () => {
  it('has the visible rows and columns, and says how many', async () => {
    renderInPage(<DataTable {...TABLE} fileName="things" />);
    await userEvent.click(screen.getByRole('button', { name: '表示する列' }));
    await userEvent.click(await screen.findByRole('checkbox', { name: '場所' }));
    await userEvent.click(screen.getByRole('button', { name: 'CSV（2 行）' }));
    expect(saveCsv).toHaveBeenCalledWith(
      '\uFEFF番号,電池 (V)\r\n"=""001010""",3.49\r\n"=""001020""",\r\n',
      'things.csv',
    );
  });

  it('is not offered without a file name', () => {
    renderInPage(<DataTable {...TABLE} />);
    expect(screen.queryByRole('button', { name: /CSV/ })).toBeNull();
  });
});

const OTHERS: Thing[] = [{ id: 3, number: '001030', district: '山手', volts: '3.1' }];
/** Row selection as the surrounding page keeps it. */
let chosen: RowSelectionState = {};

function Choosing({ rows }: { rows: Thing[] }) {
  const [state, setState] = useState<RowSelectionState>({});
  chosen = state;
  return <DataTable {...TABLE} rows={rows} selection={{ chosen: state, onChoose: setState }} />;
}

describe('the selection of rows of a data table', () => {
  it('spans pages, shows how many are on this page, and can be cleared at once', async () => {
    const { rerender } = renderInPage(<Choosing rows={THINGS} />);
    expect(screen.getByText('選択なし')).toBeTruthy();
    await userEvent.click(screen.getByRole('checkbox', { name: '001010 を選択' }));
    expect(screen.getByText('1 件を選択中（このページ 1 件）')).toBeTruthy();
    rerender(<Choosing rows={OTHERS} />);
    expect(screen.getByText('1 件を選択中（このページ 0 件）')).toBeTruthy();
    await userEvent.click(screen.getByRole('checkbox', { name: 'このページの行をすべて選択' }));
    expect(chosen).toEqual({ 1: true, 3: true });
    rerender(<Choosing rows={THINGS} />);
    expect(screen.getByText('2 件を選択中（このページ 1 件）')).toBeTruthy();
    const boxes = screen.getAllByRole<HTMLInputElement>('checkbox');
    expect(boxes.map(({ checked }) => checked)).toEqual([false, true, false]);
    await userEvent.click(screen.getByRole('button', { name: '選択を解除' }));
    expect(chosen).toEqual({});
  });

  it("of a whole page deselects only this page's rows", async () => {
    const { rerender } = renderInPage(<Choosing rows={OTHERS} />);
    const page = () => screen.getByRole('checkbox', { name: 'このページの行をすべて選択' });
    await userEvent.click(page());
    rerender(<Choosing rows={THINGS} />);
    await userEvent.click(page());
    expect(chosen).toEqual({ 1: true, 2: true, 3: true });
    await userEvent.click(page());
    expect(chosen).toEqual({ 3: true });
  });
});
