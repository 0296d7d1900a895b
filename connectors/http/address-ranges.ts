/** Which addresses a description may lead to. Pure. */
import { BlockList, isIP, isIPv6 } from 'node:net';

export type AddressKind =
  /** Anybody's. */
  | 'public'
  /** Our own machine or network: only where a setting allows it. */
  | 'private'
  /** Never a service: link-local, where cloud machines keep their own credentials, multicast, unassigned. */
  | 'forbidden';

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8', '100.64.0.0/10', '::1/128', 'fc00::/7'];

const FORBIDDEN = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Metadata services that stand among addresses of other kinds: Alibaba, Azure, AWS over IPv6.
  '100.100.100.200/32',
  '168.63.129.16/32',
  'fd00:ec2::254/128',
  '::/128',
  '64:ff9b:1::/48',
  '100::/64',
  // Tunnels, in which an IPv4 address of any kind may be hidden.
  '2001::/32',
  '2001:db8::/32',
  '2002::/16',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

const privateList = blockList(PRIVATE);
const forbiddenList = blockList(FORBIDDEN);

/** What is no address at all is forbidden. */
export function addressKind(address: string): AddressKind {
  const plain = withoutZone(address);
  const embedded = embeddedIPv4(plain);
  if (embedded !== null) return addressKind(embedded);
  const family = isIPv6(plain) ? 'ipv6' : 'ipv4';
  if (isIP(plain) === 0 || forbiddenList.check(plain, family)) return 'forbidden';
  return privateList.check(plain, family) ? 'private' : 'public';
}

function withoutZone(address: string): string {
  return address.replace(/^\[|\]$/gu, '').replace(/%.*$/u, '');
}

/** IPv4 written as IPv6: `::ffff:127.0.0.1`, `::127.0.0.1`, `64:ff9b::7f00:1`. */
function embeddedIPv4(address: string): string | null {
  if (!isIPv6(address)) return null;
  const groups = wholeGroups(address);
  const head = groups.slice(0, 6).join(':');
  const hides = head === '0:0:0:0:0:ffff' || head === '64:ff9b:0:0:0:0' || head === '0:0:0:0:ffff:0' || head === '0:0:0:0:0:0';
  const [high = 0, low = 0] = groups.slice(6).map((group) => Number.parseInt(group, 16));
  // `::` and `::1` are IPv6's own.
  if (!hides || (head === '0:0:0:0:0:0' && high === 0 && low <= 1)) return null;
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The eight groups, as the URL standard writes them, without the shortening. */
function wholeGroups(address: string): readonly string[] {
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [left = '', right] = short.split('::');
  const before = left === '' ? [] : left.split(':');
  const after = right === undefined || right === '' ? [] : right.split(':');
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
}

function blockList(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = '', bits] = subnet.split('/');
    list.addSubnet(network, Number(bits), isIPv6(network) ? 'ipv6' : 'ipv4');
  }
  return list;
}
