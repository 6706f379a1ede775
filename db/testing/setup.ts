/**
 * Global set-up of the database tests. DATABASE_URL names their server (its role may create databases and roles);
 * without it the checkout's private test server is started or adopted. The template is built once, before the workers
 * start.
 */
import { fileURLToPath } from 'node:url';
import { type EmbeddedServer, startServer } from '../private-server/private-server.ts';
import { isShifted } from '../private-server/shifted-clock.ts';
import { ensureTemplate } from './database.ts';

interface Project {
  provide(key: 'serverUrl', value: string): void;
}

let server: EmbeddedServer | undefined;

export async function setup(project: Project): Promise<void> {
  let url = process.env.DATABASE_URL;
  if (!url) {
    server = await startServer({
      stateDir: fileURLToPath(new URL('../../.local', import.meta.url)),
      // A server with the machine's clock cannot be adopted by a run with another clock.
      name: isShifted(process.env) ? 'test-shifted' : 'test',
      environment: process.env,
      onProgress: (text) => console.error(text),
    });
    url = server.adminUrl;
  }
  await ensureTemplate(url);
  project.provide('serverUrl', url);
}

export async function teardown(): Promise<void> {
  await server?.stop();
}
