import { type Finding, failure, fine, someOf, unchecked, warning, words } from './check-finding.ts';
import type { Reply } from './check-questions.ts';
import { endpointOfDevice, type Numbering } from './numbering.ts';

const phonesName = words('inside phones', '内線電話');
const linesName = words('outside lines', '外線');

export interface EndpointExpectations {
  readonly numbering: Numbering;
  readonly agents: readonly { readonly extension: string; readonly name: string }[];
}

/** Which endpoints we would take for phones and which for lines: the commonest mistake there is, and the easiest to see. */
export function checkEndpoints(reply: Reply, { numbering, agents }: EndpointExpectations): Finding[] {
  if (reply.kind !== 'told') {
    const detail = words('the PBX does not list its endpoints', 'エンドポイントの一覧を取得できません');
    const remedy = words(
      'Give the right "reporting" and load res_manager_devicestate.',
      '"reporting" の権限を与え、res_manager_devicestate を読み込んでください。',
    );
    return [unchecked(phonesName, detail, remedy)];
  }
  const endpoints = reply.response.events
    .flatMap((message) => message.get('Device') ?? [])
    .filter((device) => /^(?:PJSIP|SIP|IAX2|SCCP|Skinny|MGCP|H323|DAHDI)\/[^/]+$/i.test(device));
  const isPhone = (device: string) => endpointOfDevice(numbering, device).extension !== null;
  const phones = endpoints.filter(isPhone).map((device) => endpointOfDevice(numbering, device).extension ?? '');
  const lines = endpoints.filter((device) => !isPhone(device));
  return [...checkPhones(phones.sort(), lines, agents), checkLines(lines.sort())];
}

function checkPhones(phones: readonly string[], lines: readonly string[], agents: EndpointExpectations['agents']): Finding[] {
  if (phones.length === 0) {
    return [
      failure(
        phonesName,
        words(
          `none of the endpoints is taken for a phone: ${someOf(lines)}`,
          `内線電話と判定されるものがありません: ${someOf(lines)}`,
        ),
        words(
          'Say by INSIDE_PHONES in .env how phones are named; its first group is the extension.',
          '.env の INSIDE_PHONES で内線電話の名前のパターンを指定してください(最初の括弧が内線番号)。',
        ),
      ),
    ];
  }
  const found = fine(phonesName, words(`${phones.length}: ${someOf(phones)}`, `${phones.length} 台: ${someOf(phones)}`));
  const missing = agents.filter(({ extension }) => !phones.includes(extension));
  if (missing.length === 0) return [found];
  const list = someOf(missing.map(({ extension, name }) => `${extension} ${name}`));
  return [
    found,
    warning(
      phonesName,
      words(`the PBX has no phone for: ${list}`, `PBX に電話機がありません: ${list}`),
      words('Correct AGENTS in .env, or add the phone to the PBX.', '.env の AGENTS を直すか、PBX に電話機を追加してください。'),
    ),
  ];
}

function checkLines(lines: readonly string[]): Finding {
  if (lines.length > 0) {
    const list = someOf(lines);
    return fine(linesName, words(`${lines.length}: ${list}`, `${lines.length} 回線: ${list}`));
  }
  return warning(
    linesName,
    words('every endpoint is taken for a phone', 'すべてのエンドポイントが内線電話と判定されています'),
    words(
      'A line named by two to six digits counts as a phone: rename it, or set INSIDE_PHONES.',
      '2〜6 桁の数字だけの名前の回線は内線とみなされます。名前を変えるか INSIDE_PHONES を設定してください。',
    ),
  );
}
