import type { z } from 'zod';
import type { Numbering } from '../numbering.ts';
import { type AriClient, type AriRequest, AriUnreachable } from './ari-client.ts';
import { ariPath, wordsOf } from './ari-request.ts';
import {
  type AriLists,
  bridgeList,
  type ChannelQuestion,
  type ChannelVariables,
  channelList,
  clockOf,
  questionsAbout,
  startOf,
} from './ari-snapshot.ts';

/** A busy PBX is not held up by our curiosity: the lists tell most, and what is left open concerns calls that began unheard. */
const mostQuestions = 200;
const questionsAtOnce = 8;

const info: AriRequest = { method: 'GET', path: '/asterisk/info', query: { only: 'status' } };
const clock: AriRequest = { method: 'GET', path: '/asterisk/ping' };
const channels: AriRequest = { method: 'GET', path: '/channels' };
const bridges: AriRequest = { method: 'GET', path: '/bridges' };

/** Asks for all that exists. @throws AriRefused, AriUnreachable, also when what answers is no list. */
export async function readAriLists({ request }: Pick<AriClient, 'request'>, numbering: Numbering): Promise<AriLists> {
  const [infoAnswer, clockAnswer, channelsAnswer, bridgesAnswer] = await Promise.all([
    request(info),
    request(clock),
    request(channels),
    request(bridges),
  ]);
  const lists = {
    channels: listIn(channelList, channelsAnswer, channels),
    bridges: listIn(bridgeList, bridgesAnswer, bridges),
  };
  return {
    ...lists,
    startedAt: startOf.parse(infoAnswer.body),
    pbxNow: clockOf.parse(clockAnswer.body),
    variables: await askAbout(questionsAbout(lists, numbering).slice(0, mostQuestions), request),
  };
}

function listIn<List>(schema: z.ZodType<List>, { status, body }: { status: number; body: unknown }, asked: AriRequest): List {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw new AriUnreachable(`${wordsOf(asked)} was answered with what is no list (${status}).`, 'Check that it is an Asterisk.');
}

/** A channel may be gone by now; and where one question fails, the others would only fail later. */
async function askAbout(
  questions: readonly ChannelQuestion[],
  request: AriClient['request'],
): Promise<ReadonlyMap<string, ChannelVariables>> {
  const known = new Map<string, ChannelVariables>();
  try {
    for (let first = 0; first < questions.length; first += questionsAtOnce) {
      const asked = questions.slice(first, first + questionsAtOnce);
      const values = await Promise.all(asked.map((question) => askOne(question, request)));
      asked.forEach(({ channelId, fact }, index) => {
        const value = values[index];
        if (value != null) known.set(channelId, { ...known.get(channelId), [fact]: value });
      });
    }
  } catch (error) {
    if (!(error instanceof AriUnreachable)) throw error;
  }
  return known;
}

async function askOne({ channelId, variable }: ChannelQuestion, request: AriClient['request']): Promise<string | null> {
  const { body } = await request({ method: 'GET', path: ariPath('channels', channelId, 'variable'), query: { variable } });
  const isValue = typeof body === 'object' && body !== null && 'value' in body && typeof body.value === 'string';
  return isValue ? String(body.value) : null;
}
