/** Figures on the pages. Files have plain ones, because not every program reads separators. */

/** A written figure with separators where it has more than four digits before the point: 12,345.678. */
export function grouped(figure: string): string {
  const [whole = '', ...rest] = figure.split('.');
  const digits = whole.replace(/^[-−]/, '');
  if (digits.length < 5) return figure;
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...rest].join('.');
}

/** Litres as m³, half up, with one decimal or more to tell small amounts apart; with separators. */
export function cubicMetresShown(litres: number, decimals = 1): string {
  const unitL = 1_000 / 10 ** decimals;
  return grouped((Math.round(litres / unitL) / 10 ** decimals).toFixed(decimals));
}
