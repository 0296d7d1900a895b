/** The shape of the `service` part of a mapping file: what a REST service has to be described by. */
import { z } from 'zod';
import { objectShape } from './object-shape.ts';
import { name, path, requestShape } from './request-shape.ts';

/** Settings a description may name; a secret itself never stands in the file. */
export const CREDENTIAL_SETTINGS = [
  'HTTP_TOKEN',
  'HTTP_API_KEY',
  'HTTP_USERNAME',
  'HTTP_PASSWORD',
  'HTTP_CLIENT_ID',
  'HTTP_CLIENT_SECRET',
] as const;

export type CredentialSetting = (typeof CREDENTIAL_SETTINGS)[number];

const setting = z.enum(CREDENTIAL_SETTINGS).describe('Name of the setting that holds it');

const oauth2 = z.strictObject({
  tokenUrl: z.string().min(1).max(1000).describe('Whole address, or a path on the service’s host'),
  clientId: setting.default('HTTP_CLIENT_ID'),
  clientSecret: setting.default('HTTP_CLIENT_SECRET'),
  scope: z.string().max(1000).optional(),
  send: z.enum(['body', 'header']).default('body').describe('Where id and secret go: the form, or a Basic header'),
  form: z.record(name, z.string().max(1000)).default({}).describe('Further entries of the form, such as audience'),
});

export const signIn = z
  .strictObject({
    bearer: z.strictObject({ token: setting.default('HTTP_TOKEN') }).optional(),
    header: z
      .strictObject({ name: z.string().regex(/^[A-Za-z0-9-]{1,60}$/u), value: setting.default('HTTP_API_KEY') })
      .optional(),
    basic: z.strictObject({ username: setting.default('HTTP_USERNAME'), password: setting.default('HTTP_PASSWORD') }).optional(),
    oauth2: oauth2.optional(),
    none: z.literal(true).optional(),
  })
  .refine((given) => Object.keys(given).length === 1, { message: 'one' });

const status = z.number().int().min(200).max(599);

const errorRule = z.strictObject({
  status: z.union([status, z.array(status).min(1).max(50)]).optional(),
  code: z
    .union([z.string(), z.array(z.string()).min(1).max(50)])
    .optional()
    .describe('As it stands at errors.code'),
  is: z.enum(['unreachable', 'rateLimited', 'unauthorized', 'rejected', 'missing', 'conflict']),
  waitSeconds: z.number().min(1).max(86_400).optional(),
});

const errors = z.strictObject({
  code: path.optional().describe('Where the service’s own code stands'),
  message: path.optional().describe('Where its words stand'),
  fields: z
    .strictObject({ at: path, field: path.default(['field']), code: path.default(['code']), message: path.default(['message']) })
    .optional()
    .describe('Where the refused fields stand: a list, or an object with a message or a list of messages for each field'),
  retryAfter: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,60}$/u)
    .default('Retry-After')
    .describe('Header with the seconds to wait'),
  rules: z.array(errorRule).max(50).default([]).describe('What a status or a code means, where it is not the usual thing'),
});

const headerName = z.string().regex(/^[A-Za-z0-9-]{1,60}$/u);

const limits = z.strictObject({
  timeoutSeconds: z.number().min(1).max(120).default(20),
  answerMegabytes: z.number().min(0.1).max(64).default(10),
  concurrent: z.number().int().min(1).max(20).default(4).describe('Requests under way at the same time'),
  perSecond: z.number().min(0.1).max(1000).optional().describe('Requests a second; left out: no limit'),
  perDay: z.number().int().min(10).max(100_000_000).optional().describe('Requests that the service allows a day, by everybody'),
  dayBegins: z
    .string()
    .regex(/^(?:[01]\d|2[0-3]):00(?:Z|[+-](?:0\d|1[0-4]):00)$/u)
    .optional()
    .describe('When its day begins, such as 09:00+09:00; left out: it counts the last 24 hours'),
  dayHeaders: z
    .strictObject({ limit: headerName, remaining: headerName })
    .optional()
    .describe('Headers in which answers tell how many requests the day allows, and how many are left'),
});

export const serviceShape = z.strictObject({
  name: z.string().min(1).max(60).describe('What people call it'),
  baseUrl: z.string().max(1000).optional().describe('Address before every path; the setting HTTP_BASE_URL stands before it'),
  signIn,
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,60}$/u), z.string().max(1000)).default({}),
  check: requestShape
    .optional()
    .describe('A request that shows whether we may in; left out, the first page of each list is read'),
  limits: limits.prefault({}),
  errors: errors.prefault({}),
  objects: z.record(name, objectShape).refine((given) => Object.keys(given).length > 0, { message: 'objects' }),
});

export type Service = z.output<typeof serviceShape>;
export type ErrorsShape = Service['errors'];
export type SignInShape = Service['signIn'];
