/** record/comment.json and record/comments.json. */
import type { AppRecords, StoredRecord } from './app-records.ts';
import type { Comment, Mention } from './comments.ts';
import { failures } from './failures.ts';
import { invalid, invalidChoice, REQUIRED, tooLong, tooMany } from './kintone-failure.ts';
import { type Arguments, idArgument, isObject, listArgument, textArgument, wholeNumber } from './request-arguments.ts';
import { choosable, nameOf, type People } from './sandbox-people.ts';
import { demandApp, type Endpoint, type EndpointCall } from './sandbox-state.ts';

const MOST_COMMENTS = 10;
const MOST_MENTIONS = 10;
const LONGEST_COMMENT = 65_535;
const MENTIONED = { USER: 'USER_SELECT', GROUP: 'GROUP_SELECT', ORGANIZATION: 'ORGANIZATION_SELECT' } as const;

export const postComment: Endpoint = (call) => {
  const { state, caller } = call;
  const { records, record } = commentedRecord(call);
  if (records.app.commentsOff === true) throw failures.noPermission();
  const sent = isObject(call.args.comment) ? call.args.comment : {};
  const mentions = readMentions(sent, state.people);
  const text = textArgument(sent, 'text');
  if (text === '' && mentions.length === 0) throw invalid({ 'comment.text': [REQUIRED] });
  if (text.length > LONGEST_COMMENT) throw invalid({ 'comment.text': [tooLong(LONGEST_COMMENT)] });
  const before = record.comments ?? [];
  const comment: Comment = {
    id: (record.lastCommentId ?? 0) + 1,
    text: withNames(text, mentions, state.people),
    createdAt: state.now(),
    creator: { code: caller.name, name: nameOf(state.people, caller.name) },
    mentions,
  };
  records.put({ ...record, comments: [...before, comment], lastCommentId: comment.id }, call.undo);
  call.notices?.push({ type: 'ADD_RECORD_COMMENT', app: records.app, recordId: record.id, comment });
  return { id: String(comment.id) };
};

export const getComments: Endpoint = (call) => {
  const { record } = commentedRecord(call);
  const order = textArgument(call.args, 'order') || 'desc';
  if (order !== 'asc' && order !== 'desc') throw invalidChoice('order');
  const offset = wholeNumber(call.args.offset, 'offset', 0) ?? 0;
  const limit = wholeNumber(call.args.limit, 'limit', MOST_COMMENTS) ?? MOST_COMMENTS;
  if (limit > MOST_COMMENTS) throw tooMany('limit', MOST_COMMENTS);
  const all = order === 'asc' ? (record.comments ?? []) : (record.comments ?? []).toReversed();
  const isBefore = offset > 0 && all.length > 0;
  const isAfter = offset + limit < all.length;
  return {
    comments: all.slice(offset, offset + limit).map(commentView),
    older: order === 'asc' ? isBefore : isAfter,
    newer: order === 'asc' ? isAfter : isBefore,
  };
};

/** People take back only what they wrote themselves. */
export const deleteComment: Endpoint = (call) => {
  const { records, record } = commentedRecord(call);
  const id = Number(idArgument(call.args, 'comment'));
  const comment = record.comments?.find((each) => each.id === id);
  if (comment === undefined) throw failures.noSuchComment();
  if (comment.creator.code !== call.caller.name) throw failures.noPermission();
  records.put({ ...record, comments: (record.comments ?? []).filter((each) => each.id !== id) }, call.undo);
  return {};
};

function commentedRecord(call: EndpointCall): { readonly records: AppRecords; readonly record: StoredRecord } {
  const records = demandApp(call, idArgument(call.args, 'app'), 'view');
  const id = idArgument(call.args, 'record');
  const record = records.get(Number(id));
  if (record === undefined) throw failures.noSuchRecord(id);
  return { records, record };
}

export function commentView(comment: Comment): object {
  const { id, text, createdAt, creator, mentions } = comment;
  return { id: String(id), text, createdAt: `${new Date(createdAt).toISOString().slice(0, 19)}Z`, creator, mentions };
}

function readMentions(sent: Arguments, people: People): readonly Mention[] {
  const mentions = listArgument(sent, 'mentions') ?? [];
  if (mentions.length > MOST_MENTIONS) throw tooMany('comment.mentions', MOST_MENTIONS);
  return mentions.map((each, index) => {
    const mention = isObject(each) ? each : {};
    const type = textArgument(mention, 'type');
    const code = textArgument(mention, 'code');
    if (type !== 'USER' && type !== 'GROUP' && type !== 'ORGANIZATION') throw invalidChoice(`comment.mentions[${index}].type`);
    const kind = MENTIONED[type];
    if (!choosable(people, kind).some((known) => known.code === code)) throw failures.noSuchPerson(kind, code);
    return { code, type };
  });
}

/** The service writes the names of those who are mentioned before the text, a line each. */
function withNames(text: string, mentions: readonly Mention[], people: People): string {
  const names = mentions.map(({ code, type }) => {
    const name = choosable(people, MENTIONED[type]).find((known) => known.code === code)?.name ?? code;
    return `${name} \n`;
  });
  return names.join('') + text;
}
