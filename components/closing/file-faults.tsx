'use client';

import { useTranslations } from 'next-intl';
import type { FieldFault } from '../../lib/errors.ts';

const SHOWN = 5;

/** Values that a file cannot have: the first ones, and how many more there are. */
export function FileFaults({
  faults,
}: {
  faults: readonly Pick<FieldFault, 'field' | 'message'>[];
}) {
  const t = useTranslations('closing.download');
  if (faults.length === 0) return null;
  return (
    <ul>
      {faults.slice(0, SHOWN).map(({ field, message }) => (
        <li key={field}>
          <ValueFault field={field} message={message} />
        </li>
      ))}
      {faults.length > SHOWN && <li>{t('more', { count: faults.length - SHOWN })}</li>}
    </ul>
  );
}

/** A value that the encoding lacks: `2.地区` (row and column of the file) and the characters. */
function ValueFault({ field, message }: { field: string; message: string }) {
  const t = useTranslations('closing.download');
  const [row = '', ...column] = field.split('.');
  return t('place', { row, column: column.join('.'), what: message });
}
