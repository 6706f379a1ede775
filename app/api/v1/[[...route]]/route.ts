import { requestContext, site } from '../../../context.ts';
import { log } from '../../../log.ts';
import { createApi } from '../app.ts';

const api = createApi({
  contextOf: () => requestContext(),
  origin: () => site().origin,
  log,
});

const handle = (request: Request): Response | Promise<Response> => api.fetch(request);

export { handle as DELETE, handle as GET, handle as PATCH, handle as POST, handle as PUT };
