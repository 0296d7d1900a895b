/** The directory for the admin: how far each CRM has been read, and the numbers nobody can read. */
import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import { reportEncodings, reportFile } from './directory-report.ts';
import type { DirectoryStore } from './directory-store.ts';
import { readProblemLine } from './sync-problem.ts';

export interface DirectoryRouteDeps {
  readonly directory: Pick<DirectoryStore, 'sources' | 'counts' | 'unreadable'>;
  readonly recordUrl: (connector: string, ref: { readonly object: string; readonly id: string }) => string | null;
  readonly now: () => number;
}

const instant = z.iso.datetime().nullable();
const directoryAnswer = z
  .object({
    numbers: z.number().int().describe('telephone numbers in the index'),
    sources: z.array(
      z.object({
        connector: z.string(),
        object: z.string(),
        records: z.number().int().describe('records that can be found by a number'),
        unreadable: z.number().int().describe('telephone fields nobody can read, as far as the report goes'),
        reading: z
          .object({ read: z.number().int(), total: z.number().int().nullable() })
          .nullable()
          .describe('everything is being read just now, and how far; null: only changes are'),
        pageAt: instant.describe('when a page was last written'),
        completeAt: instant.describe('when the CRM was last read to its end'),
        problem: z
          .object({
            kind: z.enum(['unreachable', 'rateLimited', 'unauthorized', 'rejected', 'missing']).nullable(),
            detail: z.string().describe('in the words of the CRM where it has any'),
          })
          .nullable()
          .describe('what kept it from being read the last time'),
      }),
    ),
  })
  .meta({ title: 'Directory' });

export type DirectoryAnswer = z.infer<typeof directoryAnswer>;

const mostLines = 100_000;

export function directoryRoutes({ directory, recordUrl, now }: DirectoryRouteDeps): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/directory',
      summary: 'How far each CRM has been read, and what the directory holds',
      tag: 'directory',
      answer: directoryAnswer,
      handle: async (): Promise<DirectoryAnswer> => {
        const [sources, counts] = await Promise.all([directory.sources(), directory.counts()]);
        return {
          numbers: counts.numbers,
          sources: sources.toSorted(byPlace).map((source) => {
            const held = counts.sources.find((one) => one.connector === source.connector && one.object === source.object);
            return {
              ...{ connector: source.connector, object: source.object },
              problem: source.problem === null ? null : readProblemLine(source.problem),
              ...{ records: held?.records ?? 0, unreadable: held?.unreadable ?? 0 },
              reading: source.readingEverything ? { read: source.recordsRead, total: source.total } : null,
              ...{ pageAt: isoOf(source.pageAt), completeAt: isoOf(source.completeAt) },
            };
          }),
        };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/directory/unreadable.csv',
      summary: 'The telephone fields nobody can read, as a file for a spreadsheet',
      tag: 'directory',
      query: z.object({
        connector: z.string().max(40).optional(),
        encoding: z.enum(reportEncodings).default('utf-8').describe('utf-8 with a byte order mark, or shift_jis'),
        language: z.enum(['ja', 'en']).default('ja'),
      }),
      handle: async ({ query: { connector, encoding, language }, response }) => {
        const lines = await directory.unreadable({ ...(connector === undefined ? {} : { connector }), limit: mostLines });
        const withPages = lines.map((line) => ({ ...line, url: recordUrl(line.connector, line) ?? '' }));
        const day = new Date(now()).toISOString().slice(0, 10);
        response.attachment(`unreadable-numbers-${day}.csv`);
        response.set('Content-Type', `text/csv; charset=${encoding}`).end(reportFile(withPages, language, encoding));
      },
    }),
  ];
}

interface Place {
  readonly connector: string;
  readonly object: string;
}

function byPlace(one: Place, other: Place): number {
  return one.connector.localeCompare(other.connector) || one.object.localeCompare(other.object);
}

function isoOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
