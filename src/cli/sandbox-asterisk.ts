import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { playInTurn } from '../../infra/sandbox/asterisk/play-in-turn.ts';
import { loadRecording, type Recording } from '../../infra/sandbox/asterisk/recording.ts';
import { type SandboxAsterisk, startSandboxAsterisk } from '../../infra/sandbox/asterisk/sandbox-asterisk.ts';
import { projectRoot } from './project-root.ts';

interface SandboxAsteriskFlags {
  readonly port: string;
  readonly ariPort: string;
  readonly host: string;
  readonly seed: string;
  readonly faults: readonly string[];
  readonly speed: string;
  readonly rate?: string;
  readonly loop?: boolean;
  readonly json?: boolean;
}

const shippedRecordings = path.join(projectRoot, 'infra/sandbox/asterisk/recordings');
const ariUser = { name: 'toritsugi', password: 'sandbox-ari-secret' };
const sandboxUser = { name: 'toritsugi', secret: 'sandbox-ami-secret', read: ['all'], write: ['all'] };

const after = (ms: number, run: () => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** What `--faults` knows: name, what stands behind `=`, and what it does. */
const faults: Readonly<Record<string, { value: string; does: string; start: (pbx: SandboxAsterisk, value: number) => void }>> = {
  refuseLogins: { value: '', does: 'refuses every log-in', start: (pbx) => pbx.faults.refuseLogins(true) },
  segment: {
    value: 'BYTES',
    does: 'sends everything in pieces of so many bytes',
    start: (pbx, bytes) => pbx.faults.segment(bytes),
  },
  cutEvery: {
    value: 'SECONDS',
    does: 'cuts all connections again and again',
    start: (pbx, s) => every(s, () => pbx.faults.cut()),
  },
  restartEvery: {
    value: 'SECONDS',
    does: 'starts the PBX anew again and again',
    start: (pbx, s) => every(s, () => pbx.faults.restart()),
  },
  garbageEvery: {
    value: 'SECONDS',
    does: 'sends bytes that are no AMI, and text that is no ARI event, again and again',
    start: (pbx, s) =>
      every(s, () => {
        pbx.faults.garbage('\u0000garbage\r\n\r\n');
        pbx.faults.garbageEvent('{"type":');
      }),
  },
  slowAri: {
    value: 'MS',
    does: 'is late with every answer and event of ARI',
    start: (pbx, ms) => pbx.faults.slowAri(ms),
  },
  stallAfter: {
    value: 'SECONDS',
    does: 'falls silent without hanging up',
    start: (pbx, s) => after(s * 1_000, () => pbx.faults.stall(true)),
  },
};

/** `sandbox asterisk`: a PBX made of recordings, on its own. */
export function sandboxAsteriskCommand(): Command {
  return new Command('asterisk')
    .description('A PBX made of recorded calls: speaks AMI and ARI as Asterisk does.')
    .option('--port <port>', 'port for AMI; 0 takes any free one', '5038')
    .option('--ari-port <port>', 'port for ARI; 0 takes any free one', '8088')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--seed <directory>',
      'recordings to play (*.ami, *.ami.gz, with their .idx.ndjson and .ari.ndjson)',
      shippedRecordings,
    )
    .option('--speed <factor>', 'how much faster than life', '1')
    .option('--rate <calls>', 'instead of one recording after the other: so many calls a second, for ever')
    .option('--loop', 'play the recordings again and again')
    .option('--faults <fault...>', faultHelp(), [])
    .option('--json', 'the first line is one JSON object with url, amiUser, amiSecret, ariUrl, ariUser and ariPassword')
    .addHelpText('after', '\nExample:\n  $ ./toritsugi sandbox asterisk --port 5038 --loop --faults cutEvery=60 --json')
    .action(runSandbox);
}

function faultHelp(): string {
  const known = Object.entries(faults).map(([name, { value, does }]) => `${name}${value === '' ? '' : `=${value}`} ${does}`);
  return `what goes wrong: ${known.join('; ')}`;
}

async function runSandbox(flags: SandboxAsteriskFlags): Promise<void> {
  const port = numberOf('--port', flags.port, 0, 65_535);
  const ariPort = numberOf('--ari-port', flags.ariPort, 0, 65_535);
  const speed = numberOf('--speed', flags.speed, 0.01, 1_000_000);
  const rate = flags.rate === undefined ? null : numberOf('--rate', flags.rate, 0.001, 10_000);
  const chosenFaults = flags.faults.flatMap((given) => given.split(',')).map(faultOf);
  const recordings = loadRecordings(flags.seed);
  const pbx = await startSandboxAsterisk({
    ...{ port, host: flags.host, users: [sandboxUser], ari: { port: ariPort, users: [ariUser] } },
    ...{ now: Date.now, newId: randomUUID, after },
  });
  const say = (text: string) => process.stderr.write(`${text}\n`);
  const access = {
    ...{ url: pbx.url, amiUser: sandboxUser.name, amiSecret: sandboxUser.secret },
    ...{ ariUrl: pbx.ariUrl, ariUser: ariUser.name, ariPassword: ariUser.password },
  };
  if (flags.json) process.stdout.write(`${JSON.stringify(access)}\n`);
  else {
    process.stdout.write(`AMI at ${access.url}, user ${access.amiUser}, secret ${access.amiSecret}\n`);
    process.stdout.write(`ARI at ${access.ariUrl}, user ${access.ariUser}, password ${access.ariPassword}\n`);
  }
  for (const start of chosenFaults) start(pbx);
  const plan =
    rate === null
      ? `${recordings.length} recordings are played${flags.loop ? ' again and again' : ' once'}`
      : `${rate} calls begin a second`;
  say(`waiting for somebody to log in; then ${plan}`);
  let stopPlaying = () => {};
  void pbx.whenLoggedIn().then(() => {
    stopPlaying = rate === null ? playRecordings() : pbx.load({ callsPerSecond: rate, recordings, speed }).stop;
  });

  function playRecordings(): () => void {
    return playInTurn(pbx, recordings, {
      ...{ pace: { speed, maxGapMs: 30_000 }, pauseMs: 3_000 / speed, loop: flags.loop === true, after },
      onStart: (recording) => say(`playing ${recording.name}`),
    });
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stopPlaying();
      void pbx.close().then(() => process.exit(0));
    });
  }
}

function loadRecordings(directory: string): Recording[] {
  if (!existsSync(directory)) throw new Error(`--seed: there is no directory ${directory}`);
  const files = readdirSync(directory).filter((name) => /\.ami(?:\.gz)?$/u.test(name));
  if (files.length === 0) throw new Error(`--seed: no *.ami or *.ami.gz in ${directory}`);
  return files.sort().map((name) => loadRecording(path.join(directory, name)));
}

function faultOf(given: string): (pbx: SandboxAsterisk) => void {
  const [name = '', value] = given.split('=');
  const fault = faults[name];
  if (fault === undefined) throw new Error(`--faults: there is no fault "${name}"; there are: ${Object.keys(faults).join(', ')}`);
  if (fault.value === '') return (pbx) => fault.start(pbx, 0);
  const number = numberOf(`--faults ${name}`, value ?? '', 1, 1_000_000);
  return (pbx) => fault.start(pbx, number);
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (text.trim() === '' || !(number >= least && number <= most)) {
    throw new Error(`${option} is a number from ${least} to ${most}, not "${text}"`);
  }
  return number;
}

function every(seconds: number, run: () => void): void {
  setInterval(run, seconds * 1_000).unref();
}
