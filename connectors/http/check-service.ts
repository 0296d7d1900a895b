/** What a description's shape does not tell: placeholders that stand for nothing, parts that need each other. Pure. */
import { type DescriptionProblem, type PathStep, problemAt } from './description-problem.ts';
import { placeholdersIn } from './fill-request.ts';
import type { ChangesShape, ListShape, ServiceObject, WriteShape } from './object-shape.ts';
import { placeholdersOf, type RequestShape } from './request-shape.ts';
import type { Service } from './service-shape.ts';

const SINCE = ['since', 'sinceSeconds', 'sinceMilliseconds', 'sinceDate'] as const;
const PAGING = ['cursor', 'page', 'offset', 'after'] as const;

type Problems = readonly DescriptionProblem[];

export function serviceProblems(service: Service, root: readonly PathStep[]): Problems {
  const check = service.check === undefined ? [] : unknownPlaceholders(service.check, [], [...root, 'check']);
  const objects = Object.entries(service.objects).flatMap(([name, object]) => objectProblems(object, [...root, 'objects', name]));
  return [...check, ...objects];
}

/** True when a list can be asked for what changed; otherwise everything is read each time. */
export function asksSince(list: ListShape): boolean {
  const used = placeholdersOf(list);
  return SINCE.some((name) => used.has(name));
}

export function objectProblems(object: ServiceObject, at: readonly PathStep[]): Problems {
  const { describe, find, changes, write, recordUrl } = object;
  return [
    ...(describe === undefined ? [] : unknownPlaceholders(describe, ['object'], [...at, 'describe'])),
    ...(describe === undefined && Object.keys(object.fields).length === 0 ? [noFields(at)] : []),
    ...(find === undefined ? [] : findProblems(find, [...at, 'find'])),
    ...(changes === undefined ? [] : changesProblems(changes, [...at, 'changes'])),
    ...(write === undefined ? [] : writeProblems(write, object, [...at, 'write'])),
    ...(recordUrl === undefined ? [] : urlProblems(recordUrl, [...at, 'recordUrl'])),
  ];
}

function noFields(at: readonly PathStep[]): DescriptionProblem {
  return problemAt(
    at,
    ['The object has no fields.', '項目がありません。'],
    [
      'List them under "fields", or say under "describe" where the service tells them.',
      'fields に並べるか、describe に取得方法を書いてください。',
    ],
  );
}

function findProblems(find: RequestShape, at: readonly PathStep[]): Problems {
  const known = ['number', 'spelling', 'spellings', 'digits', 'field', 'limit'];
  const used = placeholdersOf(find);
  const asks = ['number', 'spelling', 'spellings', 'digits'].filter((name) => used.has(name));
  if (asks.length === 1) return unknownPlaceholders(find, known, at);
  return [
    ...unknownPlaceholders(find, known, at),
    problemAt(
      at,
      [
        'The look-up must hold exactly one of {spellings}, {spelling}, {digits}, {number}.',
        '{spellings}・{spelling}・{digits}・{number} のどれか1つが必要です。',
      ],
      ['Put it where the service expects the telephone number.', 'サービスが電話番号を受け取る場所に書いてください。'],
    ),
  ];
}

function changesProblems(changes: ChangesShape, at: readonly PathStep[]): Problems {
  const { deleted } = changes;
  const numbered = changes.next?.page !== undefined || changes.next?.offset !== undefined;
  const blind = deleted.everything !== undefined && numbered && changes.total === undefined;
  return [
    ...listProblems(changes, at),
    ...(deleted.list === undefined ? [] : listProblems(deleted.list, [...at, 'deleted', 'list'])),
    ...(deleted.list === undefined || asksSince(deleted.list)
      ? []
      : [
          problemAt(
            [...at, 'deleted', 'list'],
            ['The list of deletions does not say since when.', '削除一覧に「いつ以降か」の指定がありません。'],
            ['Put {since} into its query.', 'query に {since} を入れてください。'],
          ),
        ]),
    ...(blind
      ? [
          problemAt(
            [...at, 'total'],
            [
              'Pages by number can shift while they are read; without the total nobody would notice, and living customers would be taken for deleted.',
              '番号によるページ送りは読み取り中にずれることがあり、総件数がないと気付けず、存在する顧客を削除と誤認します。',
            ],
            [
              'Say where the total stands, page by "after" or "cursor", or write deleted: { untold: true }.',
              'total の位置を書くか、after・cursor でページを送るか、deleted: { untold: true } にしてください。',
            ],
          ),
        ]
      : []),
  ];
}

function listProblems(list: ListShape, at: readonly PathStep[]): Problems {
  const used = placeholdersOf(list);
  const way = PAGING.find((name) => list.next?.[name] !== undefined);
  const unused =
    way === undefined || used.has(way)
      ? []
      : [
          problemAt(
            [...at, 'next', way],
            [
              `The request does not use {${way}}: it would bring the first page for ever.`,
              `{${way}} が使われていないため、同じページを読み続けます。`,
            ],
            [`Put "{${way}}" into its query.`, `query に "{${way}}" を入れてください。`],
          ),
        ];
  return [...unknownPlaceholders(list, [...SINCE, ...PAGING.filter((name) => name === way), 'pageSize'], at), ...unused];
}

function writeProblems(write: WriteShape, object: ServiceObject, at: readonly PathStep[]): Problems {
  const { find, upsert, batch, create, update } = write;
  const isWhole =
    upsert !== undefined || batch !== undefined || (find !== undefined && create !== undefined && update !== undefined);
  const hasKey = object.describe !== undefined || Object.values(object.fields).some((field) => field.key === true);
  return [
    ...(isWhole
      ? []
      : [
          problemAt(
            at,
            ['There is no way to write a record by its key.', 'キーによる書き込みの方法がありません。'],
            [
              'Describe "upsert", or "batch", or all three of "find", "create" and "update".',
              'upsert か batch、または find・create・update の3つを書いてください。',
            ],
          ),
        ]),
    ...(hasKey
      ? []
      : [
          problemAt(
            [...at.slice(0, -1), 'fields'],
            ['No field can be the key of a write.', '書き込みのキーにできる項目がありません。'],
            [
              'Mark the unique field by which the service finds records: key: true.',
              '重複のない検索用の項目に key: true を付けてください。',
            ],
          ),
        ]),
    ...(find === undefined ? [] : keyedProblems(find, [['key'], ['keys']], ['key', 'keys', 'keyField'], [...at, 'find'])),
    ...(upsert === undefined
      ? []
      : keyedProblems(upsert, [['key'], ['fields']], ['key', 'keyField', 'fields', 'id', 'version'], [...at, 'upsert'])),
    ...(batch === undefined ? [] : unknownPlaceholders(batch, ['records'], [...at, 'batch'])),
    ...(create === undefined ? [] : unknownPlaceholders(create, ['fields', 'key', 'keyField'], [...at, 'create'])),
    ...(update === undefined
      ? []
      : keyedProblems(update, [['id'], ['key']], ['id', 'key', 'keyField', 'fields', 'version'], [...at, 'update'])),
  ];
}

/** One of several placeholders must be there: without it every record would be the same one. */
function keyedProblems(
  request: RequestShape,
  oneOf: readonly (readonly string[])[],
  known: readonly string[],
  at: readonly PathStep[],
): Problems {
  const used = placeholdersOf(request);
  // A body that is not described holds the fields, and among them the key.
  const isNamed = oneOf.some((names) =>
    names.every((name) => used.has(name) || (name === 'fields' && request.body === undefined)),
  );
  if (isNamed) return unknownPlaceholders(request, known, at);
  const names = oneOf.map((each) => `{${each.join('}{')}}`).join(', ');
  return [
    ...unknownPlaceholders(request, known, at),
    problemAt(
      at,
      [
        `The request does not say which record: one of ${names} is missing.`,
        `どのレコードかの指定がありません (${names} のどれか)。`,
      ],
      ['Put it into the path or the query.', 'パスか query に入れてください。'],
    ),
  ];
}

function urlProblems(url: string, at: readonly PathStep[]): Problems {
  const isAddress = URL.canParse(url) && /^https?:$/u.test(new URL(url).protocol);
  if (isAddress && [...placeholdersIn(url)].join() === 'id') return [];
  return [
    problemAt(
      at,
      ['This is no address of a page with {id} in it.', '{id} を含むページのアドレスではありません。'],
      ['Write https://…/{id}.', 'https://…/{id} の形で書いてください。'],
    ),
  ];
}

function unknownPlaceholders(request: RequestShape, known: readonly string[], at: readonly PathStep[]): Problems {
  return [...placeholdersOf(request)]
    .filter((name) => !known.includes(name))
    .map((name) => {
      const allowed = known.length === 0 ? '—' : known.map((each) => `{${each}}`).join(', ');
      return problemAt(
        at,
        [`{${name}} stands for nothing here.`, `{${name}} はここでは使えません。`],
        [`Use: ${allowed}.`, `使えるもの: ${allowed}`],
      );
    });
}
