import {
  defaultNumbering,
  endpointOfChannel,
  isOutsideNumber,
  type Numbering,
  readNumberRanges,
} from '../../../src/telephony/numbering.ts';

const party = (name: string) => {
  const { party: kind, extension } = endpointOfChannel(defaultNumbering, name);
  return extension ?? kind;
};

test.each([
  ['PJSIP/1001-0000002a', '1001'],
  ['SIP/2001-000000ff', '2001'],
  ['IAX2/305-1234', '305'],
  ['SCCP/10-00000001', '10'],
  ['PJSIP/trunk-in-0000002a', 'line'],
  ['SIP/itsp-00000001', 'line'],
  ['SIP/0312345678-00000001', 'line'],
  ['SIP/192.168.0.1-00000001', 'line'],
  ['IAX2/office2-77', 'line'],
  ['DAHDI/12-1', 'line'],
  ['DAHDI/i1/09012345678-5', 'line'],
  ['Local/1001@from-queue-00000003;1', 'helper'],
  ['CBAnn/800-00000002;2', 'helper'],
  ['Snoop/1767.1-00000000', 'helper'],
  ['Nonsense', 'line'],
  ['', 'line'],
])('%s is taken for %s', (name, expected) => {
  expect(party(name)).toBe(expected);
});

test('the two halves of a Local channel are known to belong together', () => {
  const one = endpointOfChannel(defaultNumbering, 'Local/1001@from-queue-00000003;1');
  const two = endpointOfChannel(defaultNumbering, 'Local/1001@from-queue-00000003;2');
  expect([one.localPair, one.localHalf, two.localHalf]).toEqual([two.localPair, 1, 2]);
});

test('a PBX with other names is described by patterns', () => {
  const numbering: Numbering = { ...defaultNumbering, phones: [/^PJSIP\/agent-(\d+)$/, /^DAHDI\/(\d+)$/] };
  expect(endpointOfChannel(numbering, 'PJSIP/agent-7-0000002a')).toMatchObject({ party: 'phone', extension: '7' });
  expect(endpointOfChannel(numbering, 'DAHDI/12-1')).toMatchObject({ party: 'phone', extension: '12' });
  expect(endpointOfChannel(numbering, 'PJSIP/1001-0000002a')).toMatchObject({ party: 'line' });
});

test('a number of seven digits or more is outside; extensions and feature codes are not', () => {
  const outside = ['09012345678', '+819012345678', '18409012345678', '1234567'];
  const inside = ['1001', '600', '*8', '**1006', '#72', 's', '119', ''];
  expect(outside.every((dialled) => isOutsideNumber(defaultNumbering, dialled))).toBe(true);
  expect(inside.some((dialled) => isOutsideNumber(defaultNumbering, dialled))).toBe(false);
});

test('with a list of inside numbers, everything else that is dialled is outside, emergency numbers too', () => {
  const numbering: Numbering = { ...defaultNumbering, insideNumbers: readNumberRanges('1000-1999, 600,700-710') };
  expect(['1000', '1999', '600', '705', '*72', '#1'].some((dialled) => isOutsideNumber(numbering, dialled))).toBe(false);
  expect(['110', '2000', '711', '10000', '0312345678'].every((dialled) => isOutsideNumber(numbering, dialled))).toBe(true);
});

test('digits for an outside line do not make a short number a long one', () => {
  const numbering: Numbering = { ...defaultNumbering, outsidePrefix: '9' };
  expect(isOutsideNumber(numbering, '90312345678')).toBe(true);
  expect(isOutsideNumber(numbering, '9123456')).toBe(false);
  expect(isOutsideNumber(numbering, '0312345')).toBe(true);
});

test.each(['', 'abc', '1000-999', '1999-1000', '100-1999', '600,,700', '1'])('"%s" is no list of inside numbers', (text) => {
  expect(readNumberRanges(text)).toBeNull();
});
