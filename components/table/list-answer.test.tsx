// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { ListAnswer, type ListQuery } from './list-answer.tsx';
import { renderInPage } from './testing-table.tsx';

// The machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

afterEach(cleanup);

const ANSWERED: ListQuery<string> = {
  data: { total: 120, rows: ['a', 'b'] },
  error: null,
  refetch: vi.fn(),
  isPlaceholderData: false,
};

function show(query: Partial<ListQuery<string>>, part = { limit: 50, offset: 0 }) {
  const onOffset = vi.fn();
  renderInPage(
    <ListAnswer
      query={{ ...ANSWERED, ...query }}
      part={part}
      onOffset={onOffset}
      empty={<p>nothing there</p>}
    >
      {(rows) => <p>rows {rows.join()}</p>}
    </ListAnswer>,
  );
  return onOffset;
}

it('a list shows which rows of how many it has, and links to the others', async () => {
  const onOffset = show({}, { limit: 50, offset: 50 });
  expect(screen.getByText('rows a,b')).toBeTruthy();
  expect(screen.getByText('51〜52 / 120 件')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: '3' }));
  expect(onOffset).toHaveBeenCalledWith(100);
});

it('a complete list shows its number of rows, without links', () => {
  show({ data: { total: 2, rows: ['a', 'b'] } });
  expect(screen.getByText('1〜2 / 2 件')).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
});

it('a list of another part than requested is marked as such', () => {
  show({ isPlaceholderData: true });
  expect(screen.getByText('rows a,b').closest('[aria-busy="true"]')).not.toBeNull();
});

it("an empty list is replaced by the page's message", () => {
  show({ data: { total: 0, rows: [] } });
  expect(screen.getByText('nothing there')).toBeTruthy();
});

it('a page beyond the end of a list links to the last page', async () => {
  const onOffset = show({ data: { total: 120, rows: [] } }, { limit: 50, offset: 450 });
  expect(screen.getByText('ページ 10 はもうありません')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: '最後のページを開く' }));
  expect(onOffset).toHaveBeenCalledWith(100);
});

it('a refused list says so, and can be retried', async () => {
  const refetch = vi.fn();
  show({ data: undefined, error: new Error('refused'), refetch });
  expect(screen.getByRole('alert')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'もう一度読み込む' }));
  expect(refetch).toHaveBeenCalled();
});

it('a list that is loading shows a skeleton', () => {
  show({ data: undefined });
  expect(screen.getByRole('status')).toBeTruthy();
});

it('a list keeps its rows when refetching fails', () => {
  show({ error: new Error('away') });
  expect(screen.getByText('rows a,b')).toBeTruthy();
});
