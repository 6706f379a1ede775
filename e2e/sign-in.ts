/** Signs in without the form, as next-auth's own client does, with its CSRF token. */
import type { APIRequestContext } from '@playwright/test';
import type { Product } from './product.ts';

/** A role of the demo's staff, a household by its name in the plan, or the demo's household. */
export type Visitor = 'admin' | 'analyst' | 'billing' | 'household' | keyof Product['households'];

export interface Credentials {
  provider: 'staff' | 'consumer';
  form: Record<string, string>;
}

export function visitorOf(product: Product, visitor: Visitor): Credentials {
  const { utilityCode, staff, registered, households } = product;
  const [seeded] = registered;
  const account = staff.find(({ role }) => role === visitor);
  if (account) {
    const { login, password } = account;
    return { provider: 'staff', form: { utilityCode, login, password } };
  }
  const { customerNumber, registrationCode } =
    visitor in households ? households[visitor as keyof Product['households']] : seeded!;
  return { provider: 'consumer', form: { utilityCode, customerNumber, registrationCode } };
}

export async function signIn(
  request: APIRequestContext,
  { provider, form }: Credentials,
): Promise<void> {
  const token = await request.get('/api/auth/csrf');
  const { csrfToken } = (await token.json()) as { csrfToken: string };
  const answer = await request.post(`/api/auth/callback/${provider}`, {
    form: { ...form, csrfToken, json: 'true' },
  });
  if (!answer.ok()) throw new Error(`signing in was refused: ${answer.status()}`);
}
