import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

interface Needed {
  readonly package: string;
  readonly what: string;
  readonly isThere: () => boolean;
}

const japaneseFont = '/usr/share/fonts/opentype/ipafont-gothic';

const needed: readonly Needed[] = [
  { package: 'redis-server', what: 'Redis', isThere: () => existsSync('/usr/bin/redis-server') },
  { package: 'postgresql', what: 'PostgreSQL', isThere: () => versionsOfPostgres().length > 0 },
  { package: 'mariadb-server', what: 'MariaDB', isThere: () => existsSync('/usr/sbin/mariadbd') },
  { package: 'chromium', what: 'Chromium', isThere: () => existsSync('/usr/bin/chromium') },
  // Without one, Japanese is boxes of another width: neither what operators see nor a test of the layout.
  { package: 'fonts-ipafont-gothic', what: 'a Japanese font', isThere: () => existsSync(japaneseFont) },
];

function versionsOfPostgres(): string[] {
  const root = '/usr/lib/postgresql';
  return existsSync(root) ? readdirSync(root).filter((version) => existsSync(`${root}/${version}/bin/initdb`)) : [];
}

/** The tests run on real servers and a real browser: brings those that are missing, saying so. @throws Error with the remedy */
export function bringDebianPackages(say: (line: string) => void): void {
  const missing = needed.filter(({ isThere }) => !isThere());
  if (missing.length === 0) return;
  const names = missing.map((one) => one.package);
  const remedy = `install ${names.join(', ')} by hand (apt-get install ${names.join(' ')}) and run this again`;
  if (!existsSync('/usr/bin/apt-get'))
    throw new Error(`the tests need ${names.join(', ')}, and this is no Debian machine: ${remedy}`);
  say(`installing from Debian's packages: ${missing.map((one) => `${one.what} (${one.package})`).join(', ')}`);
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  for (const words of [
    ['apt-get', 'update', '-qq'],
    ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...names],
  ]) {
    const [command = '', ...rest] = [...asRoot, ...words];
    const ended = spawnSync(command, rest, { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
    if (ended.status !== 0) {
      throw new Error(
        `${words.slice(0, 2).join(' ')} failed: ${(ended.stderr ?? '').trim().split('\n').slice(-3).join(' ')}. As root, ${remedy}`,
      );
    }
  }
  const still = needed.filter(({ isThere }) => !isThere());
  if (still.length > 0)
    throw new Error(`${still.map((one) => one.what).join(', ')} still missing after the installation: ${remedy}`);
}
