import type { AmiClientFactory, AmiSettings, AmiWorld } from './ami/ami-client.ts';
import { asAmiError, isLoopback } from './ami/ami-failures.ts';
import { AmiProtocolError } from './ami/ami-parser.ts';
import { checkClock, checkEcho } from './check-clock.ts';
import { checkContexts, checkParking, type NeededContext } from './check-dialplan.ts';
import { checkEndpoints } from './check-endpoints.ts';
import { asTheyAre, type Finding, failure, fine, warning, words } from './check-finding.ts';
import { askPbx, createHearing, type PbxAnswers } from './check-questions.ts';
import { checkQueues, type QueueExpectations } from './check-queues.ts';
import { checkRights } from './check-rights.ts';
import { checkLists, checkSystem } from './check-system.ts';

/** What the PBX should fit: our settings. */
export interface PbxExpectations extends QueueExpectations {
  readonly contexts: readonly NeededContext[];
}

const loginName = words('AMI log-in', 'AMI ログイン');

/** Connects once, logs in, asks everything the hub will ask and judges the answers. Changes nothing, never throws. */
export async function checkPbx(
  settings: AmiSettings,
  makeClient: AmiClientFactory,
  world: AmiWorld,
  expected: PbxExpectations,
): Promise<readonly Finding[]> {
  const nonce = world.newId();
  const hearing = createHearing(nonce);
  const client = makeClient(settings, world, { onMessage: hearing.hear, onClose: () => undefined });
  const findings: Finding[] = [];
  try {
    await client.connect();
    findings.push(loggedIn(settings), ...checkTransport(settings));
    const contexts = expected.contexts.map(({ context }) => context);
    findings.push(...judge(await askPbx(client, world, { nonce, hearing, contexts }), settings, expected));
  } catch (cause) {
    findings.push(brokenOff(cause));
  } finally {
    await client.close();
  }
  return findings;
}

function judge(answers: PbxAnswers, { username }: AmiSettings, expected: PbxExpectations): Finding[] {
  const { replies, heard, contexts, provoked } = answers;
  return [
    ...checkRights(answers, username),
    ...checkLists(replies),
    checkEcho(provoked.includes('user'), heard),
    ...checkSystem(replies.core, heard.uptime),
    ...checkClock(replies.ping, heard),
    ...checkQueues(replies.queues, expected),
    ...checkEndpoints(replies.devices, expected),
    checkParking(replies.parkingLots),
    ...checkContexts(contexts, expected.contexts),
  ];
}

function loggedIn({ host, port, username, tls }: AmiSettings): Finding {
  const how = tls === null ? '' : ' (TLS)';
  return fine(
    loginName,
    words(`as "${username}" at ${host}:${port}${how}`, `${host}:${port} に "${username}" でログインしました${how}`),
  );
}

function checkTransport({ host, tls }: AmiSettings): Finding[] {
  if (tls !== null || isLoopback(host)) return [];
  return [
    warning(
      words('AMI in the clear', 'AMI の暗号化'),
      words(`names and numbers cross the network to ${host} readable by others`, `${host} との通信が暗号化されていません`),
      words(
        'Open TLS in manager.conf (tlsenable, port 5039) and set AMI_TLS=on, AMI_PORT=5039 and AMI_CA_FILE.',
        'manager.conf で TLS (tlsenable、5039 番) を開き、AMI_TLS=on、AMI_PORT=5039、AMI_CA_FILE を設定してください。',
      ),
    ),
  ];
}

function brokenOff(cause: unknown): Finding {
  const error = asAmiError(cause);
  if (error instanceof AmiProtocolError) {
    return failure(loginName, asTheyAre(error.message), words('Check host and port.', 'ホスト名とポートを確認してください。'));
  }
  const ja = 'ホスト・ポート・証明書、manager.conf のユーザー・secret・permit を確認してください。';
  return failure(loginName, asTheyAre(error.detail), words(error.remedy, `${ja} (${error.remedy})`));
}
