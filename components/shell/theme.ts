/**
 * Colours and type of the pages. One hue for everything that can be acted upon; amber, red and green only for
 * attention, danger and done. Shade 7 has WCAG AA contrast as a background of white text and as text on white
 * (theme.test.ts).
 */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const brand: MantineColorsTuple = [
  '#eef5f7',
  '#dbe8ec',
  '#b9d2da',
  '#92bac7',
  '#74a7b7',
  '#5793a7',
  '#427b8f',
  '#306477',
  '#245466',
  '#164455',
];

const attention: MantineColorsTuple = [
  '#fff6df',
  '#ffebb8',
  '#fddb85',
  '#f3c352',
  '#dfa526',
  '#c48a0f',
  '#a06d00',
  '#805400',
  '#694500',
  '#523500',
];

const danger: MantineColorsTuple = [
  '#fdecea',
  '#fad4d0',
  '#f5b0aa',
  '#f08d85',
  '#e5655b',
  '#d04238',
  '#bb3329',
  '#a3271e',
  '#861d16',
  '#6b150f',
];

const done: MantineColorsTuple = [
  '#e8f5ee',
  '#cfe9da',
  '#a2d3b7',
  '#79c198',
  '#4da576',
  '#369162',
  '#277b50',
  '#1b6540',
  '#125033',
  '#0b3d26',
];

const FONT =
  "'Noto Sans JP Variable', 'Hiragino Sans', 'Yu Gothic UI', 'Meiryo', system-ui, sans-serif";

export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: { light: 7, dark: 7 },
  colors: { brand, attention, danger, done },
  fontFamily: FONT,
  // Fixed-width fonts have no Japanese letters on many machines.
  fontFamilyMonospace: `ui-monospace, 'Cascadia Mono', 'MS Gothic', monospace, ${FONT}`,
  headings: {
    fontFamily: FONT,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.5' },
      h2: { fontSize: '1.2rem', lineHeight: '1.5' },
      h3: { fontSize: '1rem', lineHeight: '1.5' },
    },
  },
  fontSizes: { xs: '0.8125rem', sm: '0.875rem', md: '0.9375rem', lg: '1.0625rem', xl: '1.25rem' },
  lineHeights: { xs: '1.4', sm: '1.5', md: '1.7', lg: '1.7', xl: '1.5' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
});

/** Colours of muted text, placeholders and form errors; Mantine's own are too pale for WCAG AA. */
const quietText = { light: '#596069', dark: '#a9adb3' } as const;

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': quietText.light,
    '--mantine-color-placeholder': quietText.light,
    '--mantine-color-error': danger[7],
  },
  dark: {
    '--mantine-color-dimmed': quietText.dark,
    '--mantine-color-placeholder': quietText.dark,
    '--mantine-color-error': danger[3],
  },
});
