import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { AmiMessage } from '../../src/telephony/ami/ami-message.ts';
import { createAmiPacket } from '../../src/telephony/ami/ami-packet.ts';
import { traceFolder } from './judge-calls.ts';

/** What was told of each channel, in its order. Between channels Asterisk has none: each runs in a thread of its own. */
export type ToldByChannel = Readonly<Record<string, readonly string[]>>;

const events: Readonly<Record<string, (message: AmiMessage) => string>> = {
  Newexten: (message) => `${placeOf(message)} ${message.get('Application')}(${message.get('AppData') ?? ''})`,
  NewCallerid: (message) => message.get('CallerIDNum') ?? '',
  NewConnectedLine: (message) => message.get('ConnectedLineNum') ?? '',
  BridgeEnter: bridgeOf,
  BridgeLeave: bridgeOf,
  MusicOnHoldStart: (message) => message.get('Class') ?? '',
  MusicOnHoldStop: () => '',
  SoftHangupRequest: (message) => message.get('Cause') ?? '',
  Hangup: (message) => `${message.get('Cause')} ${placeOf(message)}`,
  VarSet: (message) => `${message.get('Variable')}=${message.get('Value') ?? ''}`,
};

/** Of the commands' dialplan and what comes of it: channels are called by their number in the story. */
export function toldByChannel(messages: readonly AmiMessage[]): ToldByChannel {
  const names = new Map<string, string>();
  for (const message of messages) {
    if (message.event !== 'Newchannel') continue;
    const name = message.get('Channel') ?? '';
    names.set(name, `${names.size + 1}: ${name.replace(/-[0-9a-f]{8}$/, '')}`);
  }
  const told: Record<string, string[]> = Object.fromEntries([...names.values()].map((name) => [name, []]));
  for (const message of messages) {
    const line = lineOf(message);
    const channel = names.get(message.get('Channel') ?? '');
    if (line === null || channel === undefined) continue;
    told[channel]?.push(line.replace(/PJSIP\/[\w-]+-[0-9a-f]{8}/g, (name) => `(${names.get(name)})`));
  }
  return Object.fromEntries(Object.entries(told).map(([channel, lines]) => [channel, fromTheCommandOn(inOneOrder(lines))]));
}

export function recordedMessages(scenario: string): readonly AmiMessage[] {
  const bytes = gunzipSync(readFileSync(path.join(traceFolder, `${scenario}.ami.gz`)));
  return bytes.toString('utf8').split('\r\n\r\n').filter(Boolean).map(createAmiPacket);
}

function lineOf(message: AmiMessage): string | null {
  const read = events[message.event ?? ''];
  if (read === undefined) return null;
  const line = `${message.event} ${read(message)}`.trim();
  return isOfTheSite(line) ? null : line;
}

/** The recorded PBX writes CDR fields and the sandbox does not; and a phone that is let go of is told once more as what it was called as. */
function isOfTheSite(line: string): boolean {
  return (
    /^Newexten (?:from-trunk|did-|sub-record|outbound-go)/.test(line) ||
    /^Newexten (?:toritsugi-hold,h|from-internal,s),\d AppDial/.test(line) ||
    (line.startsWith('VarSet') && !/^VarSet (?:TORITSUGI_|BRIDGERESULT)/.test(line))
  );
}

/** Whether a redirected channel's new place is told before or after it has left its bridge is chance: both were recorded. */
function inOneOrder(lines: readonly string[]): readonly string[] {
  const ordered = [...lines];
  for (const [index, line] of lines.entries()) {
    const isRedirect = /^Newexten toritsugi-hold,\w+,1 /.test(lines[index + 1] ?? '');
    if (line.startsWith('BridgeLeave') && isRedirect) ordered.splice(index, 2, lines[index + 1] ?? '', line);
  }
  return ordered;
}

function fromTheCommandOn(lines: readonly string[]): readonly string[] {
  const begin = lines.findIndex((line) => /toritsugi|TORITSUGI/.test(line));
  return lines.slice(Math.max(0, begin));
}

function placeOf(message: AmiMessage): string {
  return ['Context', 'Exten', 'Priority'].map((key) => message.get(key) ?? '').join();
}

function bridgeOf(message: AmiMessage): string {
  return ['BridgeType', 'BridgeTechnology', 'BridgeCreator', 'BridgeName'].map((key) => message.get(key) ?? '').join(' ');
}
