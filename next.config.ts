import type { NextConfig } from 'next';
import createNextIntlPlugin from 'next-intl/plugin';

/** The pages' own content security policy carries a nonce and is set in proxy.ts. */
const API_POLICY = "default-src 'none'; frame-ancestors 'none'";

const SECURITY_HEADERS = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
  {
    key: 'Permissions-Policy',
    value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  },
  { key: 'Strict-Transport-Security', value: 'max-age=31536000; includeSubDomains' },
];

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  serverExternalPackages: ['pg', 'pg-cursor', 'pino', 'prom-client'],
  images: { unoptimized: true },
  allowedDevOrigins: ['127.0.0.1', 'localhost'],
  experimental: { authInterrupts: true, optimizePackageImports: ['@mantine/core', 'lucide-react'] },
  headers: async () => [
    { source: '/:path*', headers: SECURITY_HEADERS },
    { source: '/api/:path*', headers: [{ key: 'Content-Security-Policy', value: API_POLICY }] },
  ],
};

export default createNextIntlPlugin('./lib/i18n/request.ts')(config);
