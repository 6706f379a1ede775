// @vitest-environment happy-dom
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { addDays } from '../../lib/time.ts';
import { useAddress } from './use-address.ts';

// Stays as it was drawn first, as on a machine that is busy while the second click comes.
vi.mock('next/navigation', () => ({
  usePathname: () => '/collection',
  useSearchParams: () => new URLSearchParams('day=2026-11-10&area=3'),
}));

function DayBefore() {
  const address = useAddress();
  const back = () => address.set({ day: addDays(address.current('day') ?? '', -1) });
  return (
    <button type="button" onClick={back}>
      {address.get('day')}
    </button>
  );
}

it('the current address includes a change that was not drawn yet: two quick clicks go two days back', async () => {
  window.history.replaceState(null, '', '/collection?day=2026-11-10&area=3');
  render(<DayBefore />);
  const button = screen.getByRole('button', { name: '2026-11-10' });
  await userEvent.click(button);
  await userEvent.click(button);
  expect(`${window.location.pathname}${window.location.search}`).toBe(
    '/collection?day=2026-11-08&area=3',
  );
});
