'use client';

import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import classes from './closing.module.css';

const TYPING_PAUSE_MS = 300;
const MAX_LENGTH = 64;

export interface ClosingSearchProps {
  search: string;
  onSearch: (search: string) => void;
}

/** Filter of the rows by a number; it takes effect when typing pauses, or on Enter. */
export function ClosingSearch({ search, onSearch }: ClosingSearchProps) {
  const t = useTranslations('closing.search');
  const [text, setText] = useState(search);
  // Follows the address, which back, forward and another closing change.
  useEffect(() => setText(search), [search]);
  const find = useDebouncedCallback(onSearch, TYPING_PAUSE_MS);
  const at = (value: string) => {
    setText(value);
    find(value.trim());
  };
  return (
    <search className={classes.search}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          find.cancel();
          onSearch(text.trim());
        }}
      >
        <TextInput
          aria-label={t('label')}
          placeholder={t('placeholder')}
          title={t('hint')}
          size="sm"
          value={text}
          maxLength={MAX_LENGTH}
          autoComplete="off"
          spellCheck={false}
          inputMode="search"
          leftSection={<Search size={16} aria-hidden />}
          rightSection={
            text === '' ? null : (
              <CloseButton size="sm" aria-label={t('clear')} onClick={() => at('')} />
            )
          }
          onChange={(event) => at(event.currentTarget.value)}
        />
      </form>
    </search>
  );
}
