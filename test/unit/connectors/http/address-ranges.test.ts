import { addressKind } from '../../../../connectors/http/address-ranges.ts';

test.each(['8.8.8.8', '203.104.209.7', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'])(
  '%s is anybody’s',
  (address) => {
    expect(addressKind(address)).toBe('public');
  },
);

test.each([
  '127.0.0.1',
  '127.255.255.254',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '::1',
  '[::1]',
  'fc00::1',
  'fd12:3456::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::127.0.0.1',
  '64:ff9b::10.0.0.1',
  '::ffff:0:192.168.0.1',
])('%s is ours', (address) => {
  expect(addressKind(address)).toBe('private');
});

test.each([
  '0.0.0.0',
  '169.254.169.254',
  '::ffff:169.254.169.254',
  '64:ff9b::169.254.169.254',
  '100.100.100.200',
  '168.63.129.16',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  '::',
  'ff02::1',
  '224.0.0.1',
  '255.255.255.255',
  '2002:7f00:1::1',
  '2001:0:1::1',
  'localhost',
  '',
])('no service may stand at %j', (address) => {
  expect(addressKind(address)).toBe('forbidden');
});
