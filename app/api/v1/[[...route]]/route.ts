import { webMetrics } from '../../../web-metrics.ts';
import { api } from '../process-api.ts';

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
