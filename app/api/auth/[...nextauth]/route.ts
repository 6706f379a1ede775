import type { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { authOptions } from '../../../context.ts';

interface AuthRoute {
  params: Promise<{ nextauth: string[] }>;
}

function handle(request: NextRequest, route: AuthRoute): Promise<Response> {
  return NextAuth(authOptions())(request, route);
}

export { handle as GET, handle as POST };
