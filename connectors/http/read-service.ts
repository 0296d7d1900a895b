/** The text of a mapping file → the service it describes, or every problem at once. Pure. */
import { LineCounter, parseDocument } from 'yaml';
import { isObject } from './answer-path.ts';
import { objectProblems, serviceProblems } from './check-service.ts';
import { type DescriptionProblem, type PathStep, problemAt } from './description-problem.ts';
import { objectShape } from './object-shape.ts';
import { type Service, serviceShape } from './service-shape.ts';
import { shapeProblems } from './shape-problems.ts';

const MOST_BYTES = 256 * 1024;
const MOST_ALIASES = 50;
const ROOT = ['service'] as const;

export interface ReadService {
  /** Null when anything is wrong. */
  readonly service: Service | null;
  /** For whom the file says it is; null where it does not. */
  readonly connector: string | null;
  /** In the order of the file. */
  readonly problems: readonly DescriptionProblem[];
}

export function readService(text: string): ReadService {
  if (Buffer.byteLength(text) > MOST_BYTES) {
    return failed(
      ['The file is larger than 256 KB.', 'ファイルが 256 KB を超えています。'],
      ['Remove what is not used.', '不要な部分を削ってください。'],
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'core',
    lineCounter: lines,
    uniqueKeys: true,
    stringKeys: true,
    logLevel: 'error',
  });
  const lineOf = (steps: readonly PathStep[]): number | null => {
    for (let length = steps.length; length > 0; length -= 1) {
      const node: unknown = document.getIn(steps.slice(0, length), true);
      const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : null;
      if (Array.isArray(range)) return lines.linePos(Number(range[0])).line;
    }
    return null;
  };
  const [broken] = [...document.errors, ...document.warnings];
  if (broken !== undefined) {
    const detail = (broken.message.split('\n')[0] ?? '').slice(0, 120);
    return failed(
      [`This is not YAML: ${detail}`, `YAML として読めません: ${detail}`],
      ['Correct the line.', '該当行を修正してください。'],
    );
  }
  const data = plainData(document);
  const part = isObject(data) ? data.service : undefined;
  if (part === undefined || part === null) {
    return failed(
      ['The mapping file has no part "service".', 'マッピングファイルに service がありません。'],
      [
        'Describe the service there: docs/guides/http-connector.md.',
        'そこにサービスを記述してください (docs/guides/http-connector.ja.md)。',
      ],
    );
  }
  const connector = isObject(data) && typeof data.connector === 'string' ? data.connector : null;
  const parsed = serviceShape.safeParse(part);
  const problems = parsed.success
    ? serviceProblems(parsed.data, ROOT)
    : [...shapeProblems(parsed.error.issues, ROOT, part), ...soundObjects(part)];
  const located = problems.map((problem) => ({ ...problem, line: lineOf(problem.steps) }));
  const ordered = located.toSorted((left, right) => (left.line ?? 0) - (right.line ?? 0));
  return { service: parsed.success && problems.length === 0 ? parsed.data : null, connector, problems: ordered };
}

/** Objects that can be read are checked although something else cannot: one run tells everything. */
function soundObjects(part: unknown): readonly DescriptionProblem[] {
  const objects = isObject(part) && isObject(part.objects) ? Object.entries(part.objects) : [];
  return objects.flatMap(([name, raw]) => {
    const parsed = objectShape.safeParse(raw);
    return parsed.success ? objectProblems(parsed.data, [...ROOT, 'objects', name]) : [];
  });
}

function plainData(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch {
    return null;
  }
}

function failed(message: readonly [string, string], remedy: readonly [string, string]): ReadService {
  return { service: null, connector: null, problems: [problemAt(ROOT, message, remedy)] };
}
