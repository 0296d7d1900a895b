import { Router } from 'express';
import type { Org } from '../api-call.ts';
import { normaliseId } from '../record-ids.ts';
import type { Sessions } from '../sessions.ts';
import { writeXml, type XmlValue } from '../soap/xml.ts';
import { jobJson } from './job-json.ts';

/** `GET /services/async/{version}/job/{id}`: all of the first Bulk API there is, for the vendor's `data resume` asks nothing else. */
export function jobStatusRoute(org: Org, sessions: Sessions): Router {
  const router = Router();
  router.get('/services/async/:version/job/:id', (request, response) => {
    const refuse = (code: string, message: string) =>
      response
        .status(400)
        .type('application/xml')
        .send(toXml('error', { exceptionCode: code, exceptionMessage: message }));
    if (sessions.userOf(request.get('x-sfdc-session') ?? '') === null) {
      return void refuse('InvalidSessionId', 'Invalid session id');
    }
    const id = normaliseId(request.params.id) ?? '';
    const job = org.jobs.find('ingest', id) ?? org.jobs.find('query', id);
    if (job === undefined) return void refuse('InvalidJob', `Invalid job id: ${request.params.id}`);
    const { jobType: _jobType, contentUrl: _contentUrl, ...info } = jobJson(job);
    response.type('application/xml').send(toXml('jobInfo', info));
  });
  return router;
}

const XMLNS = 'http://www.force.com/2009/06/asyncapi/dataload';

function toXml(name: string, content: Readonly<Record<string, XmlValue>>): string {
  const inner = Object.entries(content).map(([child, value]) => writeXml(child, value));
  return `<?xml version="1.0" encoding="UTF-8"?><${name} xmlns="${XMLNS}">${inner.join('')}</${name}>`;
}
