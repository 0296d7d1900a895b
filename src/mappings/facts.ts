import type { InBothLanguages } from '../../connectors/connector.ts';
import { choicesOf } from './choices.ts';

export type FactType = 'string' | 'integer' | 'number' | 'dateTime' | 'boolean' | 'phone' | 'choice' | 'list';

/** One word of our vocabulary: what a mapping may say after `from:` or inside a template. */
export interface FactDefinition {
  readonly name: string;
  readonly type: FactType;
  /** True when every ended call has it. */
  readonly always: boolean;
  /** What a `choice` can say. */
  readonly choices: readonly string[] | null;
  readonly meaning: InBothLanguages;
}

export type FactValue = string | number | boolean | null | readonly string[];

function fact(name: string, type: FactType, en: string, ja: string): FactDefinition {
  return { name, type, always: false, choices: null, meaning: { en, ja } };
}

function always(definition: FactDefinition): FactDefinition {
  return { ...definition, always: true };
}

function choice(name: keyof typeof choicesOf, en: string, ja: string): FactDefinition {
  return { ...fact(name, 'choice', en, ja), choices: choicesOf[name] };
}

/** Every fact a mapping can use, in the order of the documentation. Durations are seconds. */
export const facts: readonly FactDefinition[] = [
  always(fact('call.id', 'string', 'Our id of the call; the value of every key', '通話 ID。キーの値')),
  always(fact('pbx', 'string', 'Name of the PBX', 'PBX の名前')),
  fact('linkedIds', 'list', 'Every Linkedid of the call', '通話に属する Linkedid'),
  always(choice('direction', 'Who called whom', '発着の方向')),
  fact('customer', 'boolean', 'There is a customer (not an internal call)', '顧客との通話か'),
  fact('customer.number', 'phone', 'The customer’s number, E.164', '顧客の電話番号 (E.164)'),
  fact('customer.raw', 'string', 'The number as the PBX gave it', 'PBX が受け取ったままの番号'),
  fact('customer.name', 'string', 'Caller name the network sent', '発信者名 (網から通知されたもの)'),
  fact('customer.withheld', 'boolean', 'The customer hides the number', '非通知か'),
  fact('did', 'phone', 'The number the customer dialled', '着信した番号'),
  fact('placedBy', 'string', 'Extension that dialled (outbound, internal)', '発信した内線'),
  fact('queue', 'string', 'First queue the call waited in', '最初に並んだキュー'),
  fact('queues', 'list', 'All queues, in order', '並んだキュー (順)'),
  always(fact('startedAt', 'dateTime', 'When the call began', '開始日時')),
  fact('answeredAt', 'dateTime', 'When a person answered', '応答日時'),
  always(fact('endedAt', 'dateTime', 'When the call ended', '終了日時')),
  fact('rang', 'list', 'Extensions whose phones rang', '鳴動した内線'),
  always(fact('answered', 'boolean', 'A person answered', '人が応答したか')),
  fact('answeredBy', 'string', 'First extension to answer an inbound call', '最初に応答した内線'),
  always(fact('missed', 'boolean', 'An inbound call nobody answered', '不在着信か')),
  fact('spokeWith', 'list', 'Extensions that spoke with the customer', '顧客と話した内線'),
  always(choice('result', 'How the call ended technically', '通話結果')),
  fact('hangupCause', 'integer', 'Q.850 cause of the hang-up', '切断理由コード (Q.850)'),
  choice('hangupBy', 'Who hung up', '切断した側'),
  always(fact('waitSeconds', 'number', 'Waiting, from entering the queue', '待ち秒数')),
  always(fact('talkSeconds', 'number', 'Talking, holds included', '通話秒数 (保留を含む)')),
  always(fact('holdSeconds', 'number', 'On hold', '保留秒数')),
  fact('talkByAgent', 'list', 'Talking by extension, “1002: 33”', '内線ごとの通話秒数'),
  fact('transferred', 'boolean', 'The call was handed on', '転送されたか'),
  fact('transfers', 'list', 'Each transfer, “1002 → 1003”', '転送の経路'),
  fact('recordings', 'list', 'Names of the recordings', '録音ファイル名'),
  always(fact('filledIn', 'boolean', 'Read from the PBX’s own records, because nobody listened', 'PBX の記録から補完した通話か')),
  fact('leadId', 'string', 'The lead of an outbound list', '架電リストの対象'),
  fact('agent', 'boolean', 'An agent took part', '担当者がいるか'),
  fact(
    'agent.extension',
    'string',
    'Extension of the last agent to speak (or to dial)',
    '最後に話した (または発信した) 担当の内線',
  ),
  fact('agent.name', 'string', 'That agent’s name', '担当者名'),
  fact('agent.user', 'string', 'That agent’s user in this CRM', '担当者の CRM ユーザー'),
  choice('matchKind', 'What we found for the number', '番号照合の結果'),
  fact('match', 'boolean', 'The call belongs to a record of this CRM', 'この CRM に該当レコードがあるか'),
  fact('match.object', 'string', 'That record’s object', 'レコードのオブジェクト'),
  fact('match.id', 'string', 'Its id', 'レコード ID'),
  fact('match.name', 'string', 'Its name', 'レコードの名前'),
  fact('match.url', 'string', 'The page a person sees it on', 'レコードの URL'),
  fact('match.card', 'list', 'The card, “label: value” each', '顧客カードの各行'),
  fact('outcome', 'boolean', 'An outcome was chosen', '対応結果が選ばれたか'),
  fact('outcome.code', 'string', 'The chosen outcome’s code', '対応結果のコード'),
  fact('outcome.label', 'string', 'Its label, in the language of the CRM', '対応結果のラベル'),
  fact('notes', 'string', 'What the operator wrote', 'メモ'),
  fact('followUp', 'boolean', 'A follow-up was promised, also if it was taken back', '次の対応が決められたか (取り消しも含む)'),
  fact('followUp.dueAt', 'dateTime', 'When it is due', '次の対応の期限'),
  fact('followUp.note', 'string', 'What the operator wrote about it', '次の対応のメモ'),
  choice('followUp.state', 'Whether it is still to be done', '次の対応の状態'),
  fact('followUp.reopened', 'boolean', 'It was taken back once and set anew', '取り消した後にもう一度決められたか'),
];

const byName = new Map(facts.map((definition) => [definition.name, definition]));
const linkPrefix = 'match.link.';

/** The name of the link when the fact is `match.link.<name>`, else null. Links are named by the mapping's `callers`. */
export function linkOfFact(name: string): string | null {
  return name.startsWith(linkPrefix) && name.length > linkPrefix.length ? name.slice(linkPrefix.length) : null;
}

/** The definition of a fact; `links` are the link names of the mapping's callers. */
export function findFact(name: string, links: readonly string[]): FactDefinition | null {
  const link = linkOfFact(name);
  if (link === null) return byName.get(name) ?? null;
  if (!links.includes(link)) return null;
  return fact(name, 'string', `The link “${link}” of the matched record`, `該当レコードのリンク「${link}」`);
}

/** Every name that may be written, for suggestions. */
export function factNames(links: readonly string[]): readonly string[] {
  return [...byName.keys(), ...links.map((link) => linkPrefix + link)];
}
