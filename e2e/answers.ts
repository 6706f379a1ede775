/** Answers of the product's API, to compare pages with; and days relative to the clock of the run. */
import { readFile } from 'node:fs/promises';
import { type Download, expect, type Page } from '@playwright/test';
import { apiUrl, type GetAnswer, type GetPath, type GetRequest } from '../app/api-client.ts';
import { addDays, dayOf } from '../lib/time.ts';

/** Answer of the API to the user who is signed in on the page. */
export async function ask<P extends GetPath>(
  page: Page,
  path: P,
  request: GetRequest<P>,
): Promise<GetAnswer<P>> {
  const answer = await page.request.get(apiUrl(path, request));
  expect(answer.ok(), `${path} answers`).toBe(true);
  return answer.json();
}

/** The JST day so many days ago. */
export function daysAgo(days: number): string {
  return addDays(dayOf(new Date()), -days);
}

export async function bytesOf(download: Download): Promise<Buffer> {
  return readFile(await download.path());
}

/** Lines of a CSV text as cells; for files without quoted commas. */
export function csvCells(text: string): string[][] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => line.split(','));
}
