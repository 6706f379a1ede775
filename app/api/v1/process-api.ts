/**
 * The API of this process: for requests from outside (`[[...route]]/route.ts`) and for pages rendered on the server.
 */
import { addressOf, requestContext, site } from '../../context.ts';
import { refusalLog } from '../../log.ts';
import { requestInstant } from '../../request-instant.ts';
import { webMetrics } from '../../web-metrics.ts';
import { createApi } from './app.ts';

export const api = createApi({
  contextOf: (request) => requestContext(request, requestInstant()),
  origin: () => site().origin,
  log: refusalLog(),
  addressOf: ({ headers }) => addressOf(headers),
  refused: (code) => webMetrics().refused(code),
});
