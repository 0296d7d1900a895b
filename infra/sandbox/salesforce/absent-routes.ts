import { Router } from 'express';
import { ApiError, errorBody } from './api-error.ts';

/** The service's other interfaces, refused the way it refuses what an org does not have. */
export function absentRoutes(): Router {
  const router = Router();
  router.use('/services/async', (_request, response) => {
    const error = '<exceptionCode>FeatureNotEnabled</exceptionCode><exceptionMessage>Bulk API is not enabled</exceptionMessage>';
    const xmlns = 'http://www.force.com/2009/06/asyncapi/dataload';
    response
      .status(400)
      .type('application/xml')
      .send(`<?xml version="1.0" encoding="UTF-8"?><error xmlns="${xmlns}">${error}</error>`);
  });
  router.use('/services', (_request, response) => {
    const refusal = new ApiError(404, 'NOT_FOUND', 'Could not find a match for URL');
    response.status(404).json(errorBody(refusal));
  });
  router.use('/cometd', (_request, response) => {
    response.status(404).json([{ channel: '/meta/handshake', successful: false, error: '404::Streaming API is not enabled' }]);
  });
  return router;
}
