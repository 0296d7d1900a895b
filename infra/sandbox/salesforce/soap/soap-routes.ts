import express, { type Request, type Response, Router } from 'express';
import type { Org } from '../api-call.ts';
import { ApiError } from '../api-error.ts';
import type { Sessions } from '../sessions.ts';
import { SOAP_CALLS } from './soap-calls.ts';
import { childrenNamed, childText, readXml, writeXml, type XmlElement } from './xml.ts';

const ENVELOPE =
  'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com" xmlns:sf="urn:fault.partner.soap.sforce.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/** `POST /services/Soap/u/{version}`: the partner API, for the few things that only it can do. */
export function soapRoutes(org: Org, sessions: Sessions): Router {
  const router = Router();
  router.post(
    '/services/Soap/u/:version',
    org.faults.middleware,
    express.text({ type: () => true, limit: '1mb' }),
    (request, response) => {
      try {
        const { name, body } = answer(request, org, sessions);
        send(response, 200, writeXmlResponse(name, body));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const fault =
          writeXml('faultcode', `sf:${error.errorCode}`) + writeXml('faultstring', `${error.errorCode}: ${error.message}`);
        send(response, 500, `<soapenv:Fault>${fault}</soapenv:Fault>`);
      }
    },
  );
  return router;
}

function send(response: Response, status: number, body: string): void {
  const envelope = `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope ${ENVELOPE}><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;
  response.status(status).type('text/xml').send(envelope);
}

function writeXmlResponse(name: string, body: string): string {
  return `<${name}Response>${body}</${name}Response>`;
}

function answer(request: Request, org: Org, sessions: Sessions): { readonly name: string; readonly body: string } {
  const { header, call } = readEnvelope(request.body);
  if (call.name === 'login') {
    throw new ApiError(500, 'INVALID_OPERATION', 'SOAP API login() is disabled by default in this org.');
  }
  const [session] = header === undefined ? [] : childrenNamed(header, 'SessionHeader');
  const userId = sessions.userOf(session === undefined ? '' : (childText(session, 'sessionId') ?? ''));
  if (userId === null) {
    throw new ApiError(
      500,
      'INVALID_SESSION_ID',
      'Invalid Session ID found in SessionHeader: Illegal Session. Session not found',
    );
  }
  const run = Object.hasOwn(SOAP_CALLS, call.name) ? SOAP_CALLS[call.name] : undefined;
  if (run === undefined) {
    throw new ApiError(500, 'UNKNOWN_EXCEPTION', `No operation available for request {urn:partner.soap.sforce.com}${call.name}`);
  }
  return { name: call.name, body: writeXml('result', run(call, org, { userId, allowDuplicates: false })) };
}

function readEnvelope(sent: unknown): { readonly header: XmlElement | undefined; readonly call: XmlElement } {
  try {
    const envelope = readXml(typeof sent === 'string' ? sent : '');
    const [header] = childrenNamed(envelope, 'Header');
    const call = childrenNamed(envelope, 'Body')[0]?.children[0];
    if (call !== undefined) return { header, call };
  } catch (error) {
    throw new ApiError(500, 'UNKNOWN_EXCEPTION', error instanceof Error ? error.message : String(error));
  }
  throw new ApiError(500, 'UNKNOWN_EXCEPTION', 'The envelope holds no call');
}
