import { addressOf, requestContext, site } from '../../../context.ts';
import { refusalLog } from '../../../log.ts';
import { requestInstant } from '../../../request-instant.ts';
import { webMetrics } from '../../../web-metrics.ts';
import { createApi } from '../app.ts';

const api = createApi({
  contextOf: (request) => requestContext(request, requestInstant()),
  origin: () => site().origin,
  log: refusalLog(),
  addressOf: ({ headers }) => addressOf(headers),
  refused: (code) => webMetrics().refused(code),
});

const routes = api.routes.filter(({ method }) => method !== 'ALL');
webMetrics().routes.know(routes.map(({ path }) => path));

const handle = (request: Request): Response | Promise<Response> => api.fetch(request);

export {
  handle as DELETE,
  handle as GET,
  handle as HEAD,
  handle as PATCH,
  handle as POST,
  handle as PUT,
};
