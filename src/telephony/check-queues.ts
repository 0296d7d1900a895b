import type { AmiMessage } from './ami/ami-message.ts';
import { type Finding, failure, fine, someOf, unchecked, warning, words } from './check-finding.ts';
import type { Reply } from './check-questions.ts';
import { endpointOfDevice, type Numbering } from './numbering.ts';

const queuesName = words('queues', 'キュー');
const membersName = words('queue members', 'キューのメンバー');
const agentsName = words('agents in queues', 'オペレーターの所属');

export interface QueueExpectations {
  readonly numbering: Numbering;
  readonly agents: readonly { readonly extension: string; readonly name: string }[];
  /** Queues that our settings or the routing mention. */
  readonly queues: readonly string[];
}

export function checkQueues(reply: Reply, expected: QueueExpectations): Finding[] {
  if (reply.kind !== 'told') {
    return [unchecked(queuesName, words('the PBX has no list of queues', 'キューの一覧を取得できません'), loadQueues)];
  }
  const { events } = reply.response;
  const known = events.flatMap((message) => (message.event === 'QueueParams' ? [message.get('Queue') ?? ''] : [])).sort();
  if (known.length === 0 && expected.queues.length === 0) {
    return [warning(queuesName, words('the PBX has none', 'PBX にキューがありません'), loadQueues)];
  }
  const members = events.filter(({ event }) => event === 'QueueMember');
  return [checkNames(known, members, expected), ...checkMembers(members, expected)];
}

const loadQueues = words(
  'Set up queues.conf (see infra/asterisk/queues.conf) and load app_queue.',
  'queues.conf を設定し(infra/asterisk/queues.conf 参照)、app_queue を読み込んでください。',
);

function checkNames(known: readonly string[], members: readonly AmiMessage[], { queues }: QueueExpectations): Finding {
  const missing = queues.filter((name) => !known.includes(name));
  if (missing.length > 0) {
    return failure(
      queuesName,
      words(
        `the PBX does not know: ${someOf(missing)}; it has: ${someOf(known)}`,
        `PBX に存在しません: ${someOf(missing)}(あるもの: ${someOf(known)})`,
      ),
      words(
        'Correct the name here, or add the queue to queues.conf; upper and lower case differ.',
        '名前を直すか、queues.conf に追加してください。大文字と小文字は区別されます。',
      ),
    );
  }
  const counted = known.map((name) => `${name} (${members.filter((member) => member.get('Queue') === name).length})`);
  return fine(queuesName, words(`${someOf(counted)}, with their members`, `${someOf(counted)} ※括弧内はメンバー数`));
}

function checkMembers(members: readonly AmiMessage[], { agents, numbering }: QueueExpectations): Finding[] {
  const devices = members.map((member) => ({ device: deviceOf(member), extension: extensionOf(member, numbering) }));
  const strange = [...new Set(devices.flatMap(({ device, extension }) => (extension === null ? [device] : [])))];
  const extensions = new Set(devices.flatMap(({ extension }) => (extension === null ? [] : [extension])));
  const nameless = [...extensions].filter((extension) => !agents.some((agent) => agent.extension === extension)).sort();
  const findings: Finding[] = [];
  if (strange.length > 0) findings.push(strangeMembers(strange));
  if (nameless.length > 0) {
    findings.push(
      warning(
        membersName,
        words(`without a name here: ${someOf(nameless)}`, `氏名が未登録の内線: ${someOf(nameless)}`),
        words(
          'Add them to AGENTS in .env, so that screens and call logs show who it was.',
          '.env の AGENTS に追加すると、画面と通話履歴に氏名が表示されます。',
        ),
      ),
    );
  }
  const outside = agents
    .filter(({ extension }) => !extensions.has(extension))
    .map(({ extension, name }) => `${extension} ${name}`);
  // No fault: a reception has no queue, and who is not logged in is in none.
  if (outside.length > 0) {
    findings.push(
      fine(agentsName, words(`in no queue now: ${someOf(outside)}`, `現在どのキューにも入っていません: ${someOf(outside)}`)),
    );
  }
  if (findings.length === 0)
    findings.push(fine(membersName, words('each has a name in AGENTS', '全員が AGENTS に登録されています')));
  return findings;
}

function strangeMembers(strange: readonly string[]): Finding {
  return warning(
    membersName,
    words(`taken for no inside phone: ${someOf(strange)}`, `内線電話と判定できません: ${someOf(strange)}`),
    words(
      'Say by INSIDE_PHONES in .env which endpoints are phones.',
      '.env の INSIDE_PHONES で内線電話のパターンを指定してください。',
    ),
  );
}

/** FreePBX queues call `Local/1001@from-queue/n` and watch `hint:1001@ext-local`: the phone is in either. */
function extensionOf(member: AmiMessage, numbering: Numbering): string | null {
  const candidates = [member.get('StateInterface') ?? '', member.get('Location') ?? ''];
  for (const candidate of candidates) {
    const { extension } = endpointOfDevice(numbering, candidate);
    if (extension !== null) return extension;
  }
  const inside = candidates.map((candidate) => /^(?:Local\/|hint:)(\d{2,6})@/i.exec(candidate)?.[1]);
  return inside.find((extension) => extension !== undefined) ?? null;
}

function deviceOf(member: AmiMessage): string {
  return member.get('Location') || member.get('StateInterface') || '?';
}
