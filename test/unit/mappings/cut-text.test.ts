import { countedLength, cutText, storableText } from '../../../src/mappings/cut-text.ts';

test('text that fits stays as it is', () => {
  expect(cutText('あいう', 3)).toBe('あいう');
});

test('text that does not fit ends in a mark, and the mark counts', () => {
  expect(cutText('あいうえ', 3)).toBe('あい…');
});

test('an emoji counts two and is never cut in half', () => {
  expect(countedLength('😀')).toBe(2);
  expect(cutText('😀😀😀', 5)).toBe('😀😀…');
  expect(cutText('a👨‍👩‍👧b', 8)).toBe('a…');
});

test('a line break counts two, as a CRM that keeps CR LF counts it', () => {
  expect(countedLength('a\nb')).toBe(4);
  expect(cutText('a\nbc', 4)).toBe('a…');
});

test('never gives more than asked for, whatever the text', () => {
  for (const text of ['', 'a', '\n\n\n\n\n', '👩‍🚀👩‍🚀', 'か\u3099か\u3099か\u3099', 'x'.repeat(50)]) {
    for (let limit = 0; limit < 12; limit += 1) expect(countedLength(cutText(text, limit))).toBeLessThanOrEqual(limit);
  }
});

test('keeps tabs and line breaks, and makes one kind of line break of three', () => {
  expect(storableText('a\tb\r\nc\rd\ne\u001b')).toBe('a\tb\nc\nd\ne');
});
