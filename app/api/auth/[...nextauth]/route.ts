import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { answerAuth } from '../../../auth-answer.ts';
import { requestInstant } from '../../../request-instant.ts';
import { isAnswered } from '../answered.ts';

interface AuthRoute {
  params: Promise<{ nextauth: string[] }>;
}

async function handle(request: NextRequest, route: AuthRoute): Promise<Response> {
  const { nextauth } = await route.params;
  const type = request.headers.get('content-type');
  if (!isAnswered(request.method, nextauth, type)) return new Response(null, { status: 404 });
  const authRequest = { request, now: requestInstant() };
  return answerAuth(authRequest, nextauth, (options) => NextAuth(options)(request, route));
}

export { handle as GET, handle as HEAD, handle as POST };
