/** Kinds of gas: city gas (都市ガス) through mains, and LP gas (LPガス). As in the checks of the tables. */
export const GAS_KINDS = ['city', 'lp'] as const;
export type GasKind = (typeof GAS_KINDS)[number];
