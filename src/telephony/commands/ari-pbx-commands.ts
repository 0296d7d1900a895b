import { type AriClient, AriRefused, type AriRequest, type AriResponse, AriUnreachable } from '../ari/ari-client.ts';
import { type Following, followOriginateTo } from './follow-to.ts';
import { beginOriginate } from './originate-progress.ts';
import { CommandRefused, firstChannelId, type OriginateOrder, PbxAway, type PbxCommands } from './pbx-commands.ts';
import { channelName, originationOf, type Ringing } from './safe-values.ts';

export interface AriPbxCommandsDeps extends Ringing, Following {
  /** The PBX's name. */
  readonly pbx: string;
  /** @throws as `AriClient.request`. */
  readonly request: AriClient['request'];
  /** False while not connected: nothing would be sent. */
  readonly isListening: () => boolean;
}

/**
 * The commands over ARI alone: calls are placed and ended, supervisors listen. Holding, moving and parking a channel ARI grants only
 * inside a Stasis application, where the dialplan has no part in the call: it is refused as `notPossible`.
 */
export function createAriPbxCommands(deps: AriPbxCommandsDeps): PbxCommands {
  const { pbx } = deps;

  async function request(asked: AriRequest): Promise<AriResponse> {
    if (!deps.isListening()) throw new PbxAway(`The PBX ${pbx} is not connected.`, false);
    return deps.request(asked).catch((error: unknown) => {
      throw asCommandError(pbx, asked, error);
    });
  }

  async function nameOf(channelId: string): Promise<string> {
    const { status, body } = await request({ method: 'GET', path: `/channels/${encodeURIComponent(channelId)}` });
    if (status === 404) throw gone(pbx);
    const name = typeof body === 'object' && body !== null && 'name' in body ? body.name : null;
    return channelName(typeof name === 'string' ? name : '');
  }

  /** ARI fails with a bare 500 on a phone that is switched off; whether it is there must be asked before. */
  async function isReachable(device: string): Promise<boolean> {
    const [technology = '', resource = ''] = device.split('/');
    const path = `/endpoints/${encodeURIComponent(technology)}/${encodeURIComponent(resource)}`;
    const { status, body } = await request({ method: 'GET', path });
    if (status !== 200) return false;
    return !(typeof body === 'object' && body !== null && 'state' in body && body.state === 'offline');
  }

  async function peerOf(purpose: OriginateOrder['purpose']): Promise<string> {
    if (purpose.kind === 'retrieve') throw notPossible('Retrieving a parked call');
    return purpose.kind === 'spy' ? nameOf(purpose.agentChannelId) : '';
  }

  async function hangUpOne(channelId: string): Promise<boolean> {
    const path = `/channels/${encodeURIComponent(channelId)}`;
    const { status } = await request({ method: 'DELETE', path, query: { reason_code: '16' } });
    return status !== 404;
  }

  function notPossible(what: string): CommandRefused {
    return new CommandRefused(
      'notPossible',
      `${what} is not possible at the PBX ${pbx} over ARI alone.`,
      'Give the hub an AMI user there.',
    );
  }

  return {
    async originate(order, onStage, signal) {
      const origination = originationOf(order, await peerOf(order.purpose), deps);
      if (!(await isReachable(origination.device))) return 'agentUnreachable';
      const { device, channelId, context, exten, shown, variables } = origination;
      const query = {
        ...{ endpoint: device, extension: exten, context, priority: '1', channelId },
        ...{ callerId: `"${shown}" <${shown}>`, timeout: String(Math.ceil(deps.ringMs / 1_000)) },
      };
      const send = async () => {
        const { status } = await request({
          method: 'POST',
          path: '/channels',
          query,
          body: { variables: Object.fromEntries(variables) },
        });
        if (status < 200 || status > 299)
          throw new CommandRefused('pbxRefused', `The PBX ${pbx} refused the call (${status}).`, 'Look at its log.');
      };
      const goal = order.purpose.kind === 'spy' ? 'pickUp' : 'conversation';
      const begin = beginOriginate({ channelId, extension: order.extension, goal });
      return followOriginateTo(deps, { begin, send, onStage, signal });
    },

    async hangUp(channelIds) {
      const were = await Promise.all(channelIds.map(hangUpOne));
      if (!were.includes(true)) throw gone(pbx);
    },

    isOnPbx: (key) =>
      nameOf(firstChannelId(key)).then(
        () => true,
        (error: unknown) => {
          if (error instanceof CommandRefused && error.reason === 'gone') return false;
          throw error;
        },
      ),

    transfer: async () => Promise.reject(notPossible('Transferring')),
    park: async () => Promise.reject(notPossible('Parking')),
    hold: async () => Promise.reject(notPossible('Holding')),
    resume: async () => Promise.reject(notPossible('Holding')),
  };
}

function gone(pbx: string): CommandRefused {
  return new CommandRefused('gone', 'The call is over already.', `The PBX ${pbx} has nothing left to act on.`);
}

function asCommandError(pbx: string, { method }: AriRequest, error: unknown): Error {
  if (error instanceof AriRefused) {
    return new CommandRefused('lackingRights', `The PBX ${pbx} does not let us: ${error.detail}`, error.remedy, { cause: error });
  }
  const detail = error instanceof AriUnreachable ? error.detail : `The PBX ${pbx} did not answer.`;
  // Looking changes nothing.
  return new PbxAway(detail, method !== 'GET', { cause: error });
}
