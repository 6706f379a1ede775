import { DEFAULT_THEME, type MantineColorsTuple } from '@mantine/core';
import { describe, expect, it } from 'vitest';
import { cssVariables, theme } from './theme.ts';

/** WCAG 2.2 relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

/** `color` at `share` over `ground`, as the light variants of Mantine are drawn. */
function over(color: string, share: number, ground: string): string {
  const mixed = [1, 3, 5].map((at) => {
    const [top, below] = [color, ground].map((hex) => Number.parseInt(hex.slice(at, at + 2), 16));
    return Math.round(top! * share + below! * (1 - share))
      .toString(16)
      .padStart(2, '0');
  });
  return `#${mixed.join('')}`;
}

const WHITE = '#ffffff';
/** Mantine's page and text colours in the dark. */
const DARK = '#242424';
const AA = 4.5;

describe.each(['brand', 'attention', 'danger', 'done'])('%s', (name) => {
  const shades = theme.colors?.[name] as MantineColorsTuple;

  it('carries white text, in light and dark', () => {
    expect(contrast(WHITE, shades[7])).toBeGreaterThanOrEqual(AA);
  });

  it('is readable as text on white and on its own tint', () => {
    expect(contrast(shades[7], WHITE)).toBeGreaterThanOrEqual(AA);
    expect(contrast(shades[7], over(shades[7], 0.1, WHITE))).toBeGreaterThanOrEqual(AA);
  });

  it('is readable as text in the dark, and on its own tint there', () => {
    expect(contrast(shades[4], DARK)).toBeGreaterThanOrEqual(AA);
    expect(contrast(shades[3], over(shades[6], 0.15, DARK))).toBeGreaterThanOrEqual(AA);
  });
});

describe('quiet text', () => {
  const { light, dark } = cssVariables(DEFAULT_THEME);

  it('is readable on the page, on a grey ground and in a field', () => {
    for (const ground of [WHITE, '#f1f3f5']) {
      expect(contrast(light['--mantine-color-dimmed']!, ground)).toBeGreaterThanOrEqual(AA);
    }
    for (const ground of [DARK, '#2e2e2e', '#3b3b3b']) {
      expect(contrast(dark['--mantine-color-dimmed']!, ground)).toBeGreaterThanOrEqual(AA);
    }
  });
});
