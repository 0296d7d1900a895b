/** Those that make pops out of what the PBX says, as a hundred browsers see them: the hub, and the transport alone. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';
import type { DeskChange } from '../src/desk/desk-view.ts';
import { firstAnswer } from './first-answer.ts';
import { writeMappings } from './ring-to-pop-directory.ts';

const root = path.join(import.meta.dirname, '..');
const pbxName = 'bench';
export const agents = Array.from({ length: 100 }, (_, index) => String(2_000 + index));

/** A browser's line, and how its messages tell that the pop of a call is there. */
export interface Listening {
  readonly sockets: readonly Socket[];
  readonly onPop: (tell: (callId: string, extension: string) => void) => void;
}

export async function startEcho(amiPort: number, children: ChildProcess[]): Promise<Listening> {
  const echo = fork(path.join(import.meta.dirname, 'ring-to-pop-echo.ts'), [String(amiPort)]);
  children.push(echo);
  const { port } = (await firstAnswer(echo, 'the echo')) as { port: number };
  const sockets = agents.map((extension) => open(`http://127.0.0.1:${port}`, { query: { extension } }));
  await Promise.all(sockets.map((socket) => heard(socket, 'connect')));
  return {
    sockets,
    onPop(tell) {
      for (const [index, socket] of sockets.entries()) {
        socket.on('echo', ({ callId }: { callId: string }) => tell(callId, agents[index] ?? ''));
      }
    },
  };
}

export interface HubOfBench {
  readonly amiPort: number;
  /** Its data; the directory in it may be filled already. */
  readonly folder: string;
  /** How its CRMs are reached. */
  readonly crms: Readonly<Record<string, string>>;
}

/** A pop counts when it shows the record that Salesforce holds of the caller. */
export async function startHub({ amiPort, folder, crms }: HubOfBench, children: ChildProcess[]): Promise<Listening> {
  const settings = {
    ...{ TORITSUGI_DATA_DIR: folder, HTTP_PORT: '0', PBXS: pbxName, LOG_LEVEL: 'warn', MAPPINGS_DIR: writeMappings(folder) },
    ...{ AMI_PORT: String(amiPort), AMI_USER: 'bench', AMI_SECRET: 'bench' },
    AGENTS: agents.map((extension) => `${extension}=Agent ${extension}`).join(','),
    ...crms,
  };
  const file = path.join(folder, 'hub.env');
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([key, value]) => `${key}='${value}'\n`)
      .join(''),
  );
  const hub = startCommand(['start', '--env', file], children);
  const url = /http:\S+/.exec(await lineOf(hub, /Toritsugi is ready: http:\S+/))?.[0] ?? '';
  const sockets = await Promise.all(agents.map((extension) => openDesk(url, extension)));
  return {
    sockets,
    onPop(tell) {
      for (const [index, socket] of sockets.entries()) {
        socket.on('desk:change', ({ changed }: DeskChange) => {
          for (const { callId, stage, match } of changed) {
            const isThere = stage === 'ringing' && match?.kind === 'known' && match.chosen.salesforce !== undefined;
            if (isThere) tell(callId.slice(pbxName.length + 1), agents[index] ?? '');
          }
        });
      }
    },
  };
}

async function openDesk(url: string, extension: string): Promise<Socket> {
  const response = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ extension }),
  });
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const socket = open(url, { extraHeaders: { Cookie: cookie } });
  await heard(socket, 'desk:view');
  return socket;
}

function open(url: string, options: Partial<ManagerOptions & SocketOptions>): Socket {
  return io(url, { transports: ['websocket'], forceNew: true, ...options });
}

function heard(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve) => void socket.once(event, () => resolve()));
}

export function startCommand(words: readonly string[], children: ChildProcess[]): ChildProcess {
  const child = spawn(process.execPath, [path.join(root, 'src/cli/toritsugi.ts'), ...words], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return child;
}

export async function lineOf(child: ChildProcess, wanted: RegExp): Promise<string> {
  let said = '';
  for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
    said += String(chunk);
    const found = wanted.exec(said)?.[0];
    if (found !== undefined) return found;
  }
  throw new Error(`a process ended without saying ${wanted}: ${said.slice(-500)}`);
}

export async function stopAll(children: ChildProcess[]): Promise<void> {
  for (const child of children.splice(0).reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
}
