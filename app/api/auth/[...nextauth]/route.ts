import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { answerAuth } from '../../../auth-answer.ts';

interface AuthRoute {
  params: Promise<{ nextauth: string[] }>;
}

async function handle(request: NextRequest, route: AuthRoute): Promise<Response> {
  const { nextauth } = await route.params;
  return answerAuth(request, nextauth, (options) => NextAuth(options)(request, route));
}

export { handle as GET, handle as POST };
