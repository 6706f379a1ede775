import { securityContact } from '../../context.ts';
import { requestInstant } from '../../request-instant.ts';

const YEAR_MS = 365 * 24 * 3_600_000;

/** RFC 9116 contact for reports of weaknesses; 404 while the operator has configured none. */
export function GET(): Response {
  const contact = securityContact();
  if (!contact) return new Response(null, { status: 404 });
  const expires = new Date(requestInstant().getTime() + YEAR_MS).toISOString();
  return new Response(`Contact: ${contact}\nExpires: ${expires}\nPreferred-Languages: ja, en\n`, {
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  });
}

export const dynamic = 'force-dynamic';
