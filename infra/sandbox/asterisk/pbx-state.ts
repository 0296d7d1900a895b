import { type ChannelBlock, channelBlock, headerOf, type PacketText } from './ami-packet-text.ts';
import { createQueueBoard, type QueueBoard } from './queue-board.ts';
import type { QueueSetting } from './queues.ts';

export interface LiveChannel {
  readonly block: ChannelBlock;
  readonly application: string;
  readonly applicationData: string;
  readonly since: number;
  readonly bridgeId: string;
  /** The number somebody outside dialled to get here; empty for channels that the PBX made. */
  readonly dnid: string;
  /** The SIP Call-ID; only ARI knows it. */
  readonly protocolId: string;
  /** Set since it began; names without the underscores that make them inherited. */
  readonly variables: Map<string, string>;
}

export interface LiveBridge {
  readonly id: string;
  readonly type: string;
  readonly technology: string;
  readonly creator: string;
  readonly name: string;
  readonly since: number;
  /** Uniqueids. */
  readonly channels: Set<string>;
}

export interface ParkedChannel {
  readonly block: ChannelBlock;
  readonly dialString: string;
  readonly lot: string;
  readonly space: string;
  readonly timeout: number;
  readonly since: number;
}

/** What is true on the sandbox PBX at this moment, learnt from the packets it has sent so far. */
export interface PbxState {
  apply(packet: PacketText, now: number): void;
  /** What only an ARI event (as JSON) tells. */
  learn(event: string): void;
  /** What nothing tells, of a channel that is known. */
  note(uniqueid: string, news: Partial<LiveChannel>): void;
  channels(): Iterable<LiveChannel>;
  channel(uniqueid: string): LiveChannel | null;
  bridges(): Iterable<LiveBridge>;
  bridge(id: string): LiveBridge | null;
  parked(): Iterable<ParkedChannel>;
  readonly queues: QueueBoard;
}

/** `Ring`: the channel calls the PBX. */
const ringing = '4';

const channelWithProtocolId = /"channel":\{"id":"([^"]+)","name":"[^"]*","state":"[^"]*","protocol_id":"([^"]*)"/;

const channelPrefixes = ['', 'Dest'] as const;

export function createPbxState(queues: readonly QueueSetting[]): PbxState {
  const channels = new Map<string, LiveChannel>();
  const bridges = new Map<string, LiveBridge>();
  const parked = new Map<string, ParkedChannel>();
  const board = createQueueBoard(queues);

  function apply(packet: PacketText, now: number): void {
    const event = headerOf(packet, 'Event');
    if (event === 'Newchannel') begin(packet, now);
    else refresh(packet);
    const change = event === null ? undefined : changes[event];
    if (change !== undefined) change(packet, now);
    board.apply(packet, now);
  }

  function begin(packet: PacketText, now: number): void {
    const block = channelBlock(packet, '');
    if (block !== null) {
      const dnid = block.ChannelState === ringing ? block.Exten : '';
      const idle = { application: '', applicationData: '', bridgeId: '', protocolId: '' };
      channels.set(block.Uniqueid, { ...idle, block, since: now, dnid, variables: new Map() });
    }
  }

  /** Late events of a channel that is gone do not bring it back. */
  function refresh(packet: PacketText): void {
    for (const prefix of channelPrefixes) {
      const block = channelBlock(packet, prefix);
      if (block !== null) change(block.Uniqueid, { block });
    }
  }

  function change(uniqueid: string, news: Partial<LiveChannel>): void {
    const known = channels.get(uniqueid);
    if (known !== undefined) channels.set(uniqueid, { ...known, ...news });
  }

  function runsApplication(packet: PacketText, header: string, application: string, applicationData: string): void {
    change(headerOf(packet, header) ?? '', { application, applicationData });
  }

  function bridgeOf(packet: PacketText, now: number): LiveBridge {
    const id = headerOf(packet, 'BridgeUniqueid') ?? '';
    const bridge = bridges.get(id) ?? {
      id,
      type: headerOf(packet, 'BridgeType') ?? '',
      technology: headerOf(packet, 'BridgeTechnology') ?? '',
      creator: headerOf(packet, 'BridgeCreator') ?? '',
      name: headerOf(packet, 'BridgeName') ?? '',
      since: now,
      channels: new Set<string>(),
    };
    bridges.set(id, bridge);
    return bridge;
  }

  function leaveBridge(uniqueid: string): void {
    const bridgeId = channels.get(uniqueid)?.bridgeId ?? '';
    if (bridgeId === '') return;
    bridges.get(bridgeId)?.channels.delete(uniqueid);
    change(uniqueid, { bridgeId: '' });
  }

  function unpark(packet: PacketText): void {
    parked.delete(headerOf(packet, 'ParkeeUniqueid') ?? '');
  }

  const changes: Readonly<Record<string, (packet: PacketText, now: number) => void>> = {
    Newexten(packet) {
      runsApplication(packet, 'Uniqueid', headerOf(packet, 'Application') ?? '', headerOf(packet, 'AppData') ?? '');
    },
    DialBegin(packet) {
      const called = channels.get(headerOf(packet, 'DestUniqueid') ?? '');
      if (called?.application === '') runsApplication(packet, 'DestUniqueid', 'AppDial', '(Outgoing Line)');
    },
    AgentCalled(packet) {
      runsApplication(packet, 'DestUniqueid', 'AppQueue', '(Outgoing Line)');
    },
    VarSet(packet) {
      const name = (headerOf(packet, 'Variable') ?? '').replace(/^_{1,2}/, '');
      channels.get(headerOf(packet, 'Uniqueid') ?? '')?.variables.set(name, headerOf(packet, 'Value') ?? '');
    },
    Hangup(packet) {
      const uniqueid = headerOf(packet, 'Uniqueid') ?? '';
      leaveBridge(uniqueid);
      channels.delete(uniqueid);
      parked.delete(uniqueid);
    },
    BridgeCreate(packet, now) {
      bridgeOf(packet, now);
    },
    BridgeDestroy(packet) {
      bridges.delete(headerOf(packet, 'BridgeUniqueid') ?? '');
    },
    BridgeEnter(packet, now) {
      const uniqueid = headerOf(packet, 'Uniqueid') ?? '';
      leaveBridge(uniqueid);
      const bridge = bridgeOf(packet, now);
      bridge.channels.add(uniqueid);
      change(uniqueid, { bridgeId: bridge.id });
    },
    BridgeLeave(packet) {
      leaveBridge(headerOf(packet, 'Uniqueid') ?? '');
    },
    ParkedCall(packet, now) {
      const block = channelBlock(packet, 'Parkee');
      if (block === null) return;
      parked.set(block.Uniqueid, {
        block,
        dialString: headerOf(packet, 'ParkerDialString') ?? '',
        lot: headerOf(packet, 'Parkinglot') ?? '',
        space: headerOf(packet, 'ParkingSpace') ?? '',
        timeout: Number(headerOf(packet, 'ParkingTimeout') ?? '0'),
        since: now,
      });
    },
    UnParkedCall: unpark,
    ParkedCallTimeOut: unpark,
    ParkedCallGiveUp: unpark,
  };

  function learn(event: string): void {
    const [, id = '', protocolId = ''] = channelWithProtocolId.exec(event) ?? [];
    if (protocolId !== '' && channels.get(id)?.protocolId === '') change(id, { protocolId });
  }

  return {
    ...{ apply, learn, note: change },
    channels: () => channels.values(),
    channel: (uniqueid) => channels.get(uniqueid) ?? null,
    bridges: () => bridges.values(),
    bridge: (id) => bridges.get(id) ?? null,
    parked: () => parked.values(),
    queues: board,
  };
}
