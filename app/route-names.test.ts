import { describe, expect, test } from 'vitest';
import { RouteNames } from './route-names.ts';

const names = new RouteNames();
names.know([
  ...['/', '/robots.txt', '/meters', '/meters/[meterId]', '/api/auth/[...nextauth]'],
  ...[
    '/api/v1/[[...route]]',
    '/api/v1/meters/:meterId',
    '/api/v1/meters/search',
    '/_next/[...rest]',
  ],
]);

describe('the name of a route', () => {
  test.each([
    ['/', '/'],
    ['/robots.txt', '/robots.txt'],
    ['/%72obots.txt', '/robots.txt'],
    ['/%72%6fbots%2etxt', '/robots.txt'],
    ['/robotsxtxt', undefined],
    ['/meters/7', '/meters/{meterId}'],
    ['/meters/any%20text', '/meters/{meterId}'],
    ['/meters/7/8', undefined],
    ['/api/v1/meters/7', '/api/v1/meters/{meterId}'],
    ['/api/v1/meters/search', '/api/v1/meters/search'],
    ['/api/v1/what/ever', '/api/v1/{route...}'],
    ['/api/auth/callback/staff', '/api/auth/{nextauth...}'],
    ['/_next/static/chunks/1.js', '/_next/{rest...}'],
    ['/meters/{meterId}', '/meters/{meterId}'],
    ['//robots.txt', undefined],
    ['/./robots.txt', undefined],
    ['http://example.jp/robots.txt', undefined],
    ['/%', undefined],
  ])('%s is %s', (path, name) => {
    expect(names.nameOf(path)).toBe(name);
  });
});
