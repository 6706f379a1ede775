/** Kinds of gas: city gas (都市ガス) through mains, and LP gas (LPガス). The same as in the tables' check constraints. */
export const GAS_KINDS = ['city', 'lp'] as const;
export type GasKind = (typeof GAS_KINDS)[number];
